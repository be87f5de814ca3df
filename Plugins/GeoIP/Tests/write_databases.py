"""Writes the small databases that the tests look addresses up in: write_databases.py FOLDER"""

import os
import sys

from mmdb_writer import MMDBWriter
from netaddr import IPSet

GERMANY = {"iso_code": "DE", "names": {"en": "Germany", "de": "Deutschland"}}
EUROPE = {"code": "EU", "names": {"en": "Europe", "de": "Europa"}}
NORTH_AMERICA = {"code": "NA", "names": {"en": "North America", "de": "Nordamerika"}}

CITIES = {
    "192.0.2.0/24": {
        "continent": EUROPE,
        "country": GERMANY,
        "city": {"names": {"en": "Munich", "de": "München"}},
    },
    # A name in English only.
    "198.51.100.0/25": {
        "continent": NORTH_AMERICA,
        "country": {"iso_code": "US", "names": {"en": "United States"}},
        "city": {"names": {"en": 'St. "Louis"'}},
    },
    # Where the sample's sign-in to the console came from.
    "198.51.100.128/25": {
        "continent": NORTH_AMERICA,
        "country": {"iso_code": "US", "names": {"en": "United States"}},
        "city": {"names": {"en": "Denver"}},
    },
    # A narrower network in a wider one.
    "203.0.113.0/24": {"continent": EUROPE, "country": GERMANY},
    "203.0.113.64/26": {"continent": {"code": "AN"}},
    "2001:db8:6e1b::/48": {"continent": EUROPE, "country": GERMANY},
}

OWNERS = {
    "192.0.2.0/24": {"autonomous_system_number": 64496, "autonomous_system_organization": "Example Networks"},
    "198.51.100.0/24": {"autonomous_system_number": 4200000000, "autonomous_system_organization": "Größe & Söhne"},
}

# Other vendors have texts where MaxMind has objects.
FLAT = {"192.0.2.0/24": {"country": "DE", "city": "Munich", "autonomous_system_number": "AS64496"}}


def write(folder, name, networks, **settings):
    writer = MMDBWriter(**settings)
    for network, content in networks.items():
        writer.insert_network(IPSet([network]), content)
    writer.to_db_file(os.path.join(folder, name))


def main(folder):
    both = {"ip_version": 6, "ipv4_compatible": True}
    languages = {"languages": ["en", "de"], "description": "for tests"}
    write(folder, "city.mmdb", CITIES, database_type="GeoLite2-City", **both, **languages)
    write(folder, "asn.mmdb", OWNERS, database_type="GeoLite2-ASN", languages=["en"], **both)
    write(folder, "flat.mmdb", FLAT, database_type="flat")
    ipv4 = {network: content for network, content in CITIES.items() if ":" not in network}
    write(folder, "ipv4.mmdb", ipv4, database_type="GeoLite2-City", **languages)


main(sys.argv[1])

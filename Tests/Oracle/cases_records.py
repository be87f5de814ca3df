"""What single records hold: repeated and escaped keys, own enrichment keys, values for the tables (A19 to A22)."""

from cases import compact, trail


def add(tree):
    keys(tree)
    own_keys(tree)
    values(tree)


def keys(tree):
    head = b'{"eventVersion":"1.08",'
    hub = b'"eventSource":"migrationhub.amazonaws.com","eventName":"NotifyMigrationTaskState"'
    user = b'"userIdentity":{"type":"IAMUser","userName":"bob"}'
    records = [
        head + b'"event\\u0053ource":"migrationhub.amazonaws.com","\\u0065ventName":"ListMigrationTasks"}',
        head + b'"user\\u0049dentity":{"\\u0074ype":"Ro\\u006ft"}}',
        head + b'"eventSource":"s3.amazonaws.com",' + hub + b"}",
        head + hub + b',"eventSource":"s3.amazonaws.com"}',
        head + hub + b',"event\\u0053ource":"s3.amazonaws.com"}',
        head + hub + b',"eventSource":null}',
        head + b'"eventSource":"migrationhub\\u002eamazonaws.com","eventName":"L\\u0069stMigrationTasks"}',
        head + hub + b',"eventName":"ListMigrationTasks","readOnly":true,"readOnly":"false"}',
        head + user + b',"userIdentity":{"type":"Root"}}',
        head + user + b',"userIdentity":null}',
        head + user + b',"userIdentity":{}}',
        head + b'"userIdentity":{"type":"Root","type":"IAMUser","userName":"a","userName":"b"}}',
        head + b'"userIdentity":{"type":"Root","type":""}}',
        head + b'"userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"type":"Role","userName":"one"}},'
        b'"sessionContext":{"sessionIssuer":{"userName":"two","arn":"x"},"sessionIssuer":{"userName":"three"}}}}',
        head + hub + b',"requestParameters":{"migrationTaskName":"a","migrationTaskName":"b","task":{"status":"x","status":"y"},"task":{"status":"z"}}}',
        head + hub + b',"requestParameters":{"migration\\u0054askName":"esc","t\\u0061sk":{"st\\u0061tus":"D\\u004fNE","progressPercent":7}}}',
        head + hub + b',"requestParameters":{"migrationTaskName":"a"},"requestParameters":{"progressUpdateStream":"s"}}',
        head + hub + b',"requestParameters":{"migrationTaskName":"a"},"requestParameters":null}',
        head + b'"EventSource":"migrationhub.amazonaws.com","eventname":"ListMigrationTasks","UserIdentity":{"type":"Root"}}',
        head + b'"eventSource ":"migrationhub.amazonaws.com"}',
        head + b'"x":{"eventSource":"migrationhub.amazonaws.com","eventName":"x","userIdentity":{"type":"Root"}}}',
        head + b'"x":"\\"eventSource\\":\\"migrationhub.amazonaws.com\\""}',
    ]
    tree.good("records/keys.json", trail(records), len(records), "A19")
    tree.good("records/keys.jsonl", b"\n".join(records), len(records), "A19")
    for number, each in enumerate(records):
        tree.good(f"records/keys-{number:02d}.jsonl", each, 1, "A19")


def own_keys(tree):
    for name, texts in {
        "identity": [b'"identity":{"kind":"mine"}', b'"identity":null', b'"identity":"x"'],
        "migration": [b'"migration":{"service":"mine"}', b'"migration":1'],
        "both": [b'"identity":1,"migration":2', b'"migration":2,"identity":1'],
        "repeated": [b'"identity":1,"identity":2', b'"migration":1,"x":2,"migration":3'],
        "escaped": [b'"ident\\u0069ty":1', b'"migr\\u0061tion":{"a":[1,{}]}'],
        "nested": [b'"x":{"identity":1,"migration":2}'],
    }.items():
        records = []
        for text in texts:
            line = tree.line()
            records += [b"{" + text + b"," + line[1:], line[:-1] + b"," + text + b"}"]
            at = line.index(b'"eventName"')
            records.append(line[:at] + text + b"," + line[at:])
        tree.good(f"own/{name}.json", trail(records), len(records), "A20")


VALUES = (
    b'""', b'"plain"', b'"=1+1"', b'"+1"', b'"-1"', b'"@SUM(A1)"', b'"\\tx"', b'"\\rx"', b'"\\nx"', b'" =1"', b'"\'=1"', b'"a=1"',
    b'"\\u003d1"', b'"\\u002b"', b'"="', b'"a,b"', b'"a\\"b"', b'"\\"quoted\\""', b'"a\\nb"', b'"a\\r\\nb"', b'"a\\rb"', b'"  spaces "',
    b'"\\u0000"', b'"a\\u0000b"', b'"\\ud800"', b'"a\\udc00z"', b'"\\udc00\\ud800"', b'"\\ud83d\\ude00"', b'"\\uD83Dx\\uDE00"', b'"\\/\\b\\f"',
    b'"\xc3\xa9\xf0\x9f\x98\x80"', b'"\x7f"', b'"012345678901"', b'"1.10"', b'"1e5"', b'"true"', b'"null"', b'"NULL"', b'"\\u2028"',
    b"0", b"-0", b"-1", b"1.0", b"1.10", b"1E5", b"1e400", b"9.82222E-5", b"9007199254740993", b"123456789012345678901234567890",
    b"true", b"false", b"null", b"{}", b"[]", b'{"a":"=1","b":[1, 2 ]}', b'[ "x" , null ]', b'{"\\ud800":"\\ud800"}', b'"\xef\xbb\xbfx"',
    b'"' + b"long " * 4000 + b'"',
)
PLACES = (
    "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage",
    "requestID", "eventID", "eventType", "readOnly", "managementEvent", "recipientAccountId", "eventCategory", "requestParameters",
    "responseElements", "additionalEventData", "resources", "odd.key", "vpcEndpointId", "apiVersion", "eventVersion",
)


def values(tree):
    """Every kind of value in every field that a table may show."""
    for place in PLACES:
        records = []
        for value in VALUES:
            fields = {key: each for key, each in tree.event().items() if key != place}
            records.append(compact(fields)[:-1] + b',"' + place.encode() + b'":' + value + b"}")
        tree.good(f"values/{place}.json", trail(records), len(records), "A21, A22")
    for place in ("type", "userName", "arn", "accountId", "accessKeyId", "principalId", "invokedBy", "sessionContext"):
        records = []
        for value in VALUES:
            record = tree.line(userIdentity="@").replace(b'"@"', b'{"' + place.encode() + b'":' + value + b"}")
            records.append(record)
        tree.good(f"values/userIdentity-{place}.json", trail(records), len(records), "A1, A21")
    for place in ("resources", "additionalEventData"):
        records = [tree.line(**{place: "@"}).replace(b'"@"', text) for text in (
            b'[{"ARN":"a","accountId":"1"},{"accountId":"2"}]', b'[{"ARN":"=a"}]', b"[]", b"[[1]]", b"[null]", b'["x"]', b'{"0":{"ARN":"key"}}',
            b'{"x.y":"dotted","x":{"y":"nested"}}', b'{"x":{"y":"nested"}}', b'[ {"ARN" : [ 1 , 2 ] } ]', b'[{"ARN":1,"ARN":2}]', b'"text"', b"7", b"true",
        )]
        tree.good(f"values/paths-{place}.json", trail(records), len(records), "A19, A21")
    records = [tree.line(userIdentity="@").replace(b'"@"', value) for value in VALUES]
    tree.good("values/userIdentity.json", trail(records), len(records), "A1, A35")
    records = []
    for value in VALUES:
        context = b'{"type":"AssumedRole","sessionContext":{"attributes":{"mfaAuthenticated":' + value + b"}}}"
        records.append(tree.line(userIdentity="@").replace(b'"@"', context))
    tree.good("values/mfa.json", trail(records), len(records), "A36")

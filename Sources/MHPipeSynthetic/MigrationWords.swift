/// What migration tools write into the texts of their calls, other scripts and escapes among it.
enum MigrationWords {
    static let streams = WeightedChoice([
        ("MGN", 6), ("DMS", 3), ("CloudEndure", 2), ("SMS", 1), ("RiverMeadow", 1), ("ATADATA", 1), ("acme-factory", 1),
        ("ServerMigrationService", 1),
    ])
    static let statuses = WeightedChoice([("NOT_STARTED", 1), ("IN_PROGRESS", 4), ("COMPLETED", 2), ("FAILED", 1)])
    static let details = WeightedChoice([
        ("Replication in progress: 61% complete", 300), ("Initial sync 12%", 100), ("Ready for testing", 60),
        ("Test instance launched", 50), ("Cutover complete", 60), ("Replication lag 00:00:41", 40),
        ("Full load in progress, 35 percent of tables loaded", 80),
        (#"Failed: agent lost connection to \"mgn-dr-gateway\" (code 0x17)"#, 30),
        (#"C:\\Program Files (x86)\\AWS Replication Agent\\installer.log: exit code 1603"#, 15),
        ("Migración de la base de datos al 80\u{A0}%", 7), ("移行中: 45%（サーバー）", 5), ("Übertragung läuft – 20 %", 5),
        (#"Snapshot snap-0a1b2c3d\nstate=pending"#, 10), ("done 🚀", 2), ("", 6),
    ])
    static let descriptions = WeightedChoice([
        ("Created by AWS Application Migration Service", 200), ("Target instance", 120), ("", 40),
        ("Launched during cutover wave 3", 80), ("Replicated volume /dev/sda1", 50), (#"DB \"ORCL\" -> Aurora"#, 20),
        ("Server für Buchhaltung", 8), ("会計システム", 6), (#"\u003cno description\u003e"#, 10),
    ])
}

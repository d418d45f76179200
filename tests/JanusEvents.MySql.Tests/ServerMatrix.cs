using JanusEvents.Testing;

namespace JanusEvents.MySql.Tests;

// The tests that several servers have.

public sealed class MariaDbPartitionTests(MariaDbFixture server) : PartitionTests(TestServers.Of(server));
[Trait("Category", "Slow")]
public sealed class MySql56PartitionTests(MySql56Fixture server) : PartitionTests(TestServers.Of(server));

public sealed class MariaDbPublishedRetentionTests(MariaDbFixture server) : PublishedRetentionTests(TestServers.Of(server));
public sealed class MySql56PublishedRetentionTests(MySql56Fixture server) : PublishedRetentionTests(TestServers.Of(server));

public sealed class MariaDbPublishedTablesTests(MariaDbFixture server) : PublishedTablesTests(TestServers.Of(server));
public sealed class MySql56PublishedTablesTests(MySql56Fixture server) : PublishedTablesTests(TestServers.Of(server));

public sealed class MariaDbRefusedEventTests(MariaDbFixture server) : RefusedEventTests(TestServers.Of(server));
public sealed class MySql56RefusedEventTests(MySql56Fixture server) : RefusedEventTests(TestServers.Of(server));

public sealed class MariaDbUpgradeTests(MariaDbFixture server) : UpgradeTests(TestServers.Of(server));

/// <summary>A MariaDB that is not strict: the strict one and MySQL 5.6, which is not strict, have the same tests.</summary>
[Trait("Category", "Slow")]
public sealed class MariaDbNotStrictUpgradeTests(OddPublishedFixture server) : UpgradeTests(TestServers.Of(server)), IClassFixture<OddPublishedFixture>;

/// <summary>The oldest server, which takes the longest; MariaDB has the same tests.</summary>
[Trait("Category", "Slow")]
public sealed class MySql56UpgradeTests(MySql56Fixture server) : UpgradeTests(TestServers.Of(server));

namespace JanusEvents.Testing;

/// <summary>One MySQL 5.6 for many tests, as <see cref="MariaDbFixture"/> is one MariaDB.</summary>
public sealed class MySql56Fixture() : DatabaseFixture<MySql56Server>(Capabilities.MySql56, () => MySql56Server.StartAsync(WithoutWaitingForTheDisk));

using JanusEvents.Testing;

// One server of each kind for all tests, each with a database of its own.
[assembly: AssemblyFixture(typeof(MariaDbFixture))]
[assembly: AssemblyFixture(typeof(MySql56Fixture))]

using JanusEvents.Testing;

// One server for all tests, each with a database of its own.
[assembly: AssemblyFixture(typeof(MariaDbFixture))]

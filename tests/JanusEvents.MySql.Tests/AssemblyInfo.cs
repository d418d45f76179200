using JanusEvents.Testing;

// One server of each kind for all tests, each with a database of its own. Tests of what is the whole server's have another.
[assembly: AssemblyFixture(typeof(MariaDbFixture))]
[assembly: AssemblyFixture(typeof(MySql56Fixture))]

// Most of them wait for locks and time-outs: four at a time suit a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 4)]

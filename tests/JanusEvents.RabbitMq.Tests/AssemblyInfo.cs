using JanusEvents.RabbitMq.Tests.Hosting;

// One broker for all tests, each with queues of its own. Tests that kill a node or have several have another.
[assembly: AssemblyFixture(typeof(BrokerFixture))]

// Most of them wait: three at a time suit a small machine.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]

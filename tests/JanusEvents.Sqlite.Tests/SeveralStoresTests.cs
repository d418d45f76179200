using JanusEvents.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace JanusEvents.Sqlite.Tests;

/// <summary>Two stores in one host: each has its name, and its services by that name.</summary>
public sealed class SeveralStoresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Each_is_read_by_its_name_and_the_first_without_one()
    {
        await using DeliveryHost host = await StartAsync();
        (await host.DeliverAsync(NumberedBody.Of(1, 2))).Should().BeTrue();

        (await NumbersAsync(host.Services.GetRequiredService<IEventStore>())).Should().Equal(1, 2);
        (await NumbersAsync(host.Services.GetRequiredKeyedService<IEventStore>("Sqlite"))).Should().Equal(1, 2);
        (await NumbersAsync(host.Services.GetRequiredKeyedService<IEventStore>("Sqlite 2"))).Should().Equal(2);
        host.Services.GetRequiredService<IEventStore>().Should().BeSameAs(host.Services.GetRequiredKeyedService<IEventStore>("Sqlite"));
    }

    [Fact]
    public async Task The_schema_and_the_facts_of_each_are_services_by_its_name()
    {
        await using DeliveryHost host = await StartAsync();
        (await host.DeliverAsync(NumberedBody.Of(1, 2))).Should().BeTrue();

        FactRebuildResult first = await host.Services.GetRequiredService<IRoomFacts>().RebuildAsync();
        FactRebuildResult second = await host.Services.GetRequiredKeyedService<IRoomFacts>("Sqlite 2").RebuildAsync();

        first.Should().Be(await host.Services.GetRequiredKeyedService<IRoomFacts>("Sqlite").RebuildAsync());
        second.Should().NotBe(first, "the second has one of the two events");
        host.Services.GetRequiredService<IRoomStore>().Should().BeSameAs(host.Services.GetRequiredKeyedService<IRoomStore>("Sqlite"));
        host.Services.GetRequiredKeyedService<IRoomStore>("Sqlite 2").Should().NotBeSameAs(host.Services.GetRequiredService<IRoomStore>());
        host.Services.GetRequiredKeyedService<IEventSchema>("Sqlite 2").CreateScript()
            .Should().Be(host.Services.GetRequiredService<IEventSchema>().CreateScript());
        host.Services.GetRequiredKeyedService<IEventSchema>("Sqlite 2").Should().NotBeSameAs(host.Services.GetRequiredService<IEventSchema>());
    }

    [Fact]
    public async Task Health_calls_each_by_its_name()
    {
        await File.WriteAllTextAsync(_folder["second.db"], new string('x', 10_000));
        await using DeliveryHost host = await StartAsync();

        HealthReportEntry health = (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries.Values.Single();

        health.Description.Should().Contain("The database of Sqlite 2 cannot be reached");
        health.Data["store.Sqlite"].As<string>().Should().StartWith("answered within");
        health.Data["store.Sqlite 2"].As<string>().Should().StartWith("cannot be reached");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<List<long>> NumbersAsync(IEventStore store)
    {
        List<long> numbers = [];
        await foreach (JanusEvent e in store.ReadAsync(new EventQuery()))
            numbers.Add(e.SessionId!.Value);
        return numbers;
    }

    private Task<DeliveryHost> StartAsync() => DeliveryHost.StartAsync(b =>
    {
        b.AddSqlite($"Data Source={_folder["first.db"]}");
        b.AddSqlite($"Data Source={_folder["second.db"]}", store => store.Filter = e => e.SessionId == 2);
        b.Services.AddHealthChecks().AddJanusEvents();
    });
}

using JanusEvents.RabbitMq.Tests.Hosting;
using JanusEvents.Testing;
using Microsoft.Extensions.Hosting;

namespace JanusEvents.RabbitMq.Tests;

/// <summary>The sample host as a receiving host and as a writer, by configuration alone.</summary>
public sealed class SampleHostTests(BrokerFixture broker)
{
    [FactNeeding(Capabilities.RabbitMq | Capabilities.Sqlite)]
    public async Task What_is_posted_to_a_receiving_host_and_what_Janus_publishes_is_stored_by_a_writer()
    {
        RabbitMqServer server = await broker.ServerAsync();
        string name = BrokerFixture.NewName();
        using TemporaryFolder folder = new();
        await using SampleHostProcess receiving = await SampleHostProcess.StartAsync(
            folder.Path, "--JanusEvents:Store=None", $"--JanusEvents:RabbitMq:Buffer:Uri={server.Uri}", $"--JanusEvents:RabbitMq:Buffer:Name={name}");
        await using SampleHostProcess writer = await SampleHostProcess.StartAsync(
            folder.Path,
            $"--JanusEvents:RabbitMq:Writer:Uri={server.Uri}",
            $"--JanusEvents:RabbitMq:Writer:Name={name}",
            $"--JanusEvents:RabbitMq:Receiver:Uri={server.Uri}",
            $"--JanusEvents:RabbitMq:Receiver:Queue={name}.janus");
        await using BrokerClient client = await BrokerClient.ConnectAsync(server);
        await client.UntilCountAsync($"{name}.janus", 0);

        SentBody sent = await new JanusSender(receiving.Url, new JanusSenderOptions()).SendAsync(NumberedBody.Json([1, 2], "by-http"));
        await client.PublishAsync($"{name}.janus", NumberedBody.Json([3], "by-rabbitmq"));

        sent.Delivered.Should().BeTrue(receiving.Output);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddJanusEvents().AddSqlite($"Data Source={folder["janusevents.db"]}");
        using IHost reader = builder.Build();
        IEventStore store = reader.Services.GetRequiredService<IEventStore>();
        List<long> numbers = [];
        await Wait.UntilAsync(
            async () =>
            {
                numbers.Clear();
                await foreach (JanusEvent e in store.ReadAsync(new EventQuery(), default))
                    numbers.Add(e.SessionId!.Value);
                return numbers.Count >= 3;
            },
            Wait.Limit,
            "three events to be stored",
            () => $"{receiving.Output}\n{writer.Output}");
        numbers.Should().BeEquivalentTo([1L, 2L, 3L]);

        using HttpClient http = new();
        string page = "";
        await Wait.UntilAsync(
            async () => (page = await http.GetStringAsync(new Uri(writer.Url, "/janus/events"))).Contains($"{name}.0: 0 messages wait", StringComparison.Ordinal),
            Wait.Limit,
            "the counts of the queues, which are asked for from time to time",
            () => page);
        page.Should().Contain("RabbitMQ writer: connected to 127.0.0.1:").And.Contain("RabbitMQ receiver: connected to").And.Contain($"{name}.0: 0 messages wait")
            .And.Contain("janus.eventhandler.rabbitmqevh.jcfg").And.Contain($"route_key = \"{name}.janus\"").And.NotContain("\"guest\"\n    vhost");
        (await writer.StopAsync()).Should().Be(0, writer.Output);
        (await receiving.StopAsync()).Should().Be(0, receiving.Output);
    }
}

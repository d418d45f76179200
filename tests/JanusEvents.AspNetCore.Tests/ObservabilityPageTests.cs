using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Monitoring.Troubles;
using JanusEvents.Mqtt.Connections;
using JanusEvents.Observation;
using JanusEvents.RabbitMq.Connections;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>That docs/observability.md lists every log message, instrument and span as it is.</summary>
public sealed class ObservabilityPageTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    private static readonly string[] s_page = File.ReadAllLines(Repository.PathOf("docs", "observability.md"));

    private static readonly (string Assembly, int First)[] s_ranges =
    [
        ("JanusEvents.Core", 1000), ("JanusEvents.Monitoring", 1000), ("JanusEvents.Spool", 2000), ("JanusEvents.Relational", 2000), ("JanusEvents.Sqlite", 2000), ("JanusEvents.MySql", 2000),
        ("JanusEvents.AspNetCore", 3000), ("JanusEvents.RabbitMq", 4000), ("JanusEvents.Mqtt", 4500), ("JanusEvents.Dashboard", 5000),
    ];

    [Fact]
    public void Every_log_message_has_an_id_of_its_own_in_its_packages_range_and_is_on_the_page()
    {
        List<(string Assembly, LoggerMessageAttribute Message, string Name)> messages =
        [
            .. from range in s_ranges
               from type in Assembly.Load(range.Assembly).GetTypes()
               from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               select (range.Assembly, message, message.EventName ?? method.Name),
        ];

        messages.Should().HaveCountGreaterThan(50);
        messages.Select(m => m.Message.EventId).Should().OnlyHaveUniqueItems();
        foreach ((string assembly, LoggerMessageAttribute message, string name) in messages)
        {
            int first = s_ranges.Single(r => r.Assembly == assembly).First;
            message.EventId.Should().BeInRange(first, first + 999, $"{assembly} has these for {name}");
        }

        TableAfter("## Log messages").Should().Equal(
            messages.OrderBy(m => m.Message.EventId)
                .Select(m => $"{m.Message.EventId.ToString(CultureInfo.InvariantCulture)} | {m.Message.Level} | {m.Name} | {m.Message.Message}"));
    }

    [Fact]
    public async Task Every_instrument_and_every_span_is_on_the_page_with_its_unit_its_kind_and_its_tags()
    {
        ConcurrentQueue<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == "JanusEvents",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using TemporaryFolder folder = new();
        JanusEventsEndpointOptions options = new() { UserName = "janus", Password = "right", AnswerTimeout = TimeSpan.FromSeconds(5) };
        await using EndpointHost host = await EndpointHost.StartAsync(options, b => b.Services.AddJanusEvents().AddMonitoring()
            .AddSink((_, _) => throw new IOException("This one never stores."), o => o.Required = false));
        await using EndpointHost spooling = await EndpointHost.StartAsync(configure: b => b.Services.AddJanusEvents().UseSpool(folder["spool.db"]));
        await using EndpointHost reading = await EndpointHost.StartAsync(configure: b => b.Services.AddJanusEvents()
            .AddRabbitMqReceiver(rabbit => rabbit.Uri = $"amqp://127.0.0.1:{FreePort.Next()}")
            .AddMqttReceiver(mqtt => (mqtt.Uri, mqtt.ClientId) = ($"mqtt://127.0.0.1:{FreePort.Next()}", "janusevents")));
        using Measurements measuredBroker = new(reading.Services);
        reading.Services.GetRequiredService<MqttState>().Set("janus/edge-7", emitter: null, isAway: true);
        await Wait.UntilAsync(
            () =>
            {
                // A receiver whose broker is away forgets the number each time that it fails to connect.
                reading.Services.GetRequiredKeyedService<BrokerState>(BrokerState.OfReceiver).Queue("janus-events").Messages = 0;
                measuredBroker.Observe();
                return measuredBroker.TagsOf("janus_events.rabbitmq.messages").Any();
            },
            Wait.Limit,
            "the number of messages to be measured");
        using Measurements measured = new(host.Services);
        using Measurements measuredSpool = new(spooling.Services);

        await DoAllSortsOfThingsAsync(host, measured);
        measured.Observe();

        Dictionary<string, Instrument> instruments = measured.Instruments.Concat(measuredSpool.Instruments).Concat(measuredBroker.Instruments)
            .DistinctBy(i => i.Name).ToDictionary(i => i.Name);
        instruments.Should().HaveCountGreaterThan(20);
        List<string[]> rows = [.. TableAfter("## Instruments").Select(Cells)];
        rows.Select(cells => $"{cells[0]} | {cells[1]} | {cells[2]}").Order(StringComparer.Ordinal).Should().Equal(
            instruments.Values.Select(i => $"`{i.Name}` | `{i.Unit}` | {Kind(i)}").Order(StringComparer.Ordinal));
        foreach (string[] cells in rows)
        {
            string name = cells[0].Trim('`');
            instruments[name].Description.Should().NotBeNullOrEmpty();
            cells[4].Should().NotBeEmpty();
            IEnumerable<string> seen = measured.TagsOf(name).Concat(measuredBroker.TagsOf(name)).SelectMany(tags => tags.Keys).Distinct().Order(StringComparer.Ordinal);
            Tags(cells[3]).Should().Equal(seen, $"these are the tags of {name}");
        }

        foreach (string[] cells in TableAfter("## Spans").Select(Cells))
        {
            Activity[] ofName = [.. spans.Where(s => s.OperationName == cells[0].Trim('`'))];
            ofName.Should().NotBeEmpty().And.OnlyContain(s => s.Kind.ToString().Equals(cells[1], StringComparison.OrdinalIgnoreCase));
            Tags(cells[2]).Should().Equal(ofName.SelectMany(s => s.TagObjects).Select(t => t.Key).Distinct().Order(StringComparer.Ordinal));
        }

        TableAfter("## Spans").Select(row => Cells(row)[0].Trim('`')).Order(StringComparer.Ordinal)
            .Should().Equal(spans.Select(s => s.OperationName).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_hosts_factory_makes_the_meter()
    {
        await using EndpointHost host = await EndpointHost.StartAsync();

        Meter meter = host.Services.GetRequiredService<JanusEventsMeter>().Meter;

        meter.Name.Should().Be("JanusEvents");
        meter.Version.Should().NotBeNullOrEmpty();
        meter.Scope.Should().BeSameAs(host.Services.GetRequiredService<IMeterFactory>());
    }

    private static async Task DoAllSortsOfThingsAsync(EndpointHost host, Measurements measured)
    {
        Trouble trouble = new()
        {
            Id = "1",
            Code = TroubleCodes.ServerSilent,
            Severity = TroubleSeverity.Critical,
            Subject = new TroubleSubject { Emitter = "a" },
            Began = DateTimeOffset.UtcNow,
            Confirmed = DateTimeOffset.UtcNow,
        };
        MediaStatsEvent statistics = new()
        {
            Emitter = "a",
            Timestamp = DateTimeOffset.UtcNow,
            SessionId = 1,
            HandleId = 2,
            Media = "audio",
            Rtt = 20,
            JitterLocal = 1,
            JitterRemote = 2,
            PacketsReceived = 100,
            PacketsSent = 100,
            Lost = 1,
            LostByRemote = 2,
        };
        string json = Json(
            new HandleEvent { Emitter = "a", SessionId = 1, HandleId = 2, Name = "attached", Plugin = "janus.plugin.videoroom" },
            statistics,
            statistics with { Timestamp = statistics.Timestamp!.Value.AddSeconds(20), PacketsReceived = 200, PacketsSent = 200 },
            new IceStateEvent { Emitter = "a", SessionId = 1, HandleId = 2, State = "failed" },
            new DtlsEvent { Emitter = "a", SessionId = 1, HandleId = 2, State = "failed" },
            new SlowLinkEvent { Emitter = "a", SessionId = 1, HandleId = 2, Media = "audio", SlowLink = "uplink" },
            new ConnectionEvent { Emitter = "a", SessionId = 1, HandleId = 2, State = "hangup", Reason = "ICE failed" });
        (await PostAsync(host, json[..^1] + ",17]")).Should().Be(HttpStatusCode.OK);
        (await PostAsync(host, json, "wrong")).Should().Be(HttpStatusCode.Unauthorized);

        host.Sink.Failure = new IOException("The store is away.");
        await FluentActions.Awaiting(() => PostAsync(host, json)).Should().ThrowAsync<HttpRequestException>();
        host.Sink.Failure = null;
        (await PostAsync(host, EndpointHost.OneEvent)).Should().Be(HttpStatusCode.OK);
        foreach (ITroubleObserver observer in host.Services.GetServices<ITroubleObserver>())
            observer.Changed(trouble, TroubleChange.Began);
        await Wait.UntilAsync(() => measured.Sum("janus_events.dropped") > 0, s_limit, "the sink that is not required to drop events");
    }

    private static async Task<HttpStatusCode> PostAsync(EndpointHost host, string json, string password = "right")
    {
        using HttpResponseMessage answer = await host.PostAsync(json, userName: "janus", password: password);
        return answer.StatusCode;
    }

    private static string Json(params JanusEvent[] events) =>
        Encoding.UTF8.GetString(ReceivedBody.FromEvents(events, DateTimeOffset.UtcNow).Json.Span);

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" => "counter",
        "Histogram" => "histogram",
        "ObservableUpDownCounter" => "observable up-down counter",
        "ObservableGauge" => "observable gauge",
        "ObservableCounter" => "observable counter",
        string other => other,
    };

    private static IEnumerable<string> Tags(string cell) =>
        cell.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(tag => tag.Trim('`')).Order(StringComparer.Ordinal);

    private static string[] Cells(string row) => [.. row.Split('|').Select(cell => cell.Trim())];

    /// <summary>The rows of the first table after a heading.</summary>
    private static IEnumerable<string> TableAfter(string heading) => s_page
        .SkipWhile(line => line != heading)
        .SkipWhile(line => !line.StartsWith("|---", StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line[1..^1].Trim());
}

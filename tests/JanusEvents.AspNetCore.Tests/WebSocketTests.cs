using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using JanusEvents.AspNetCore.Settings;
using JanusEvents.AspNetCore.Tests.Hosting;
using JanusEvents.Delivery;
using JanusEvents.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace JanusEvents.AspNetCore.Tests;

/// <summary>The endpoint for Janus's WebSocket event handler, on a real Kestrel with a real client.</summary>
public sealed class WebSocketTests
{
    private static readonly TimeSpan s_limit = Wait.Limit;

    [Fact]
    public async Task What_Janus_sent_arrives_byte_for_byte_in_its_order()
    {
        byte[][] messages = [.. Captures.Bodies("10-wsevh").Select(body => body.Bytes)];
        await using EndpointHost host = await StartAsync();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        foreach (byte[] message in messages)
            await sender.SendAsync(message);
        await UntilStoredAsync(host, messages.Length);

        sender.Socket.SubProtocol.Should().Be("janus-event-handlers");
        host.Sink.Stored.Select(body => Text(body.Json)).Should().Equal(messages.Select(message => Encoding.UTF8.GetString(message)));
        host.Sink.Stored.Should().OnlyContain(body => body.RemoteAddress == "127.0.0.1" && body.Rejected.Count == 0);
        host.Sink.Events.Should().HaveCount(86);
    }

    [Fact]
    public async Task A_message_in_fragments_is_one_body()
    {
        await using EndpointHost host = await StartAsync();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
        string small = WebSocketSender.Group(1, 2);
        string large = WebSocketSender.Group(Enumerable.Range(3, 2000).Select(i => (long)i));

        await SendFragmentsAsync(sender, small, 7);
        await SendFragmentsAsync(sender, large, 10_000);
        await UntilStoredAsync(host, 2);

        host.Sink.Stored.Select(body => Text(body.Json)).Should().Equal(small, large);
        await UntilMemoryIsFreeAsync(host);
    }

    [Fact]
    public async Task What_is_no_event_costs_only_itself()
    {
        await using EndpointHost host = await StartAsync();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(WebSocketSender.Group(1));
        await sender.SendAsync("no JSON");
        await sender.SendAsync("");
        await sender.SendAsync(WebSocketSender.Group(2)[1..^1]);
        await sender.SendAsync(Encoding.UTF8.GetBytes(WebSocketSender.Group(3)), WebSocketMessageType.Binary);
        await sender.SendAsync([0xff, 0xfe, 0x00], WebSocketMessageType.Binary);
        await sender.SendAsync("[]");
        await sender.SendAsync(WebSocketSender.Group(4).Replace("[", "[{\"type\":}, ", StringComparison.Ordinal));
        await UntilStoredAsync(host, 8);

        Sessions(host).Should().Equal(1, 2, 3, 4);
        host.Sink.Stored.Select(body => body.Rejected.Count).Should().Equal(0, 1, 1, 0, 0, 1, 0, 1);
        host.Log.OfId(3001).Should().HaveCount(4, "each is told with its reason");
        sender.Socket.State.Should().Be(WebSocketState.Open);
    }

    [Fact]
    public async Task Of_a_message_over_the_limit_the_events_within_it_are_kept()
    {
        string group = WebSocketSender.Group(1, 2, 3);
        await using EndpointHost host = await StartAsync(new() { MaxMessageBytes = group.Length });
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(group);
        await sender.SendAsync(WebSocketSender.Group(4, 5, 6, 7, 8));
        await SendFragmentsAsync(sender, WebSocketSender.Group(Enumerable.Range(10, 5000).Select(i => (long)i)), 50_000);
        await SendFragmentsAsync(sender, group.Replace("1795", "1796", StringComparison.Ordinal), 50);
        await sender.SendAsync(WebSocketSender.Group(9));
        await UntilStoredAsync(host, 5);

        Sessions(host).Should().Equal(1, 2, 3, 4, 5, 6, 10, 11, 1, 2, 3, 9);
        host.Sink.Stored.Select(body => body.Rejected.Count).Should().Equal(0, 1, 2, 0, 0);
        host.Log.OfId(3023).Should().HaveCount(2).And.OnlyContain(entry => entry.Message.Contains($"the limit of this endpoint is {group.Length}"));
        await UntilMemoryIsFreeAsync(host);
    }

    [Fact]
    public async Task A_connection_that_ends_inside_a_message_leaves_the_events_that_came()
    {
        await using EndpointHost host = await StartAsync();
        using (WebSocketSender sender = await WebSocketSender.ConnectAsync(host))
        {
            await sender.SendAsync(WebSocketSender.Group(1));
            await sender.SendAsync(Encoding.UTF8.GetBytes(WebSocketSender.Group(2, 3, 4)[..^50]), end: false);
            await Wait.UntilAsync(() => Budget(host).Reserved > 0 && host.Sink.Stored.Count == 1, s_limit, "the half message to be read");
        }

        await UntilStoredAsync(host, 2);
        Sessions(host).Should().Equal(1, 2, 3);
        host.Sink.Stored[1].Rejected.Should().HaveCount(2, "the event that is cut, and the array that does not end");
        await UntilMemoryIsFreeAsync(host);
    }

    [Fact]
    public async Task A_sender_that_falls_silent_inside_a_message_does_not_hold_memory_for_ever()
    {
        await using EndpointHost host = await StartAsync(configure: builder => builder.Services.AddSingleton<TimeProvider>(new ScaledTime()));
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(Encoding.UTF8.GetBytes(WebSocketSender.Group(1, 2)[..^50]), end: false);

        await UntilStoredAsync(host, 1);
        Sessions(host).Should().Equal(1);
        await UntilMemoryIsFreeAsync(host);
    }

    [Fact]
    public async Task A_text_that_is_not_UTF8_ends_the_connection_and_costs_no_other_message()
    {
        await using EndpointHost host = await StartAsync();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(WebSocketSender.Group(1));
        await sender.SendAsync([(byte)'[', 0xff, 0xfe, (byte)']']);

        await Wait.UntilAsync(() => host.Log.OfId(3022).Any(), s_limit, "the end, which RFC 6455 demands");
        await UntilStoredAsync(host, 1);
        using WebSocketSender again = await WebSocketSender.ConnectAsync(host);
        await again.SendAsync(WebSocketSender.Group(2));
        await UntilStoredAsync(host, 2);
    }

    [Fact]
    public async Task Several_servers_send_at_once_each_in_its_order()
    {
        const int Servers = 6, Each = 200;
        await using EndpointHost host = await StartAsync();

        await Task.WhenAll(Enumerable.Range(0, Servers).Select(async server =>
        {
            using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
            for (int i = 0; i < Each; i++)
                await sender.SendAsync(WebSocketSender.Group((server * 1000) + i));
            await Wait.UntilAsync(() => Sessions(host).Contains((server * 1000) + Each - 1), s_limit, "the last to be stored");
        }));

        foreach (IGrouping<long, long> server in Sessions(host).GroupBy(session => session / 1000))
            server.Should().Equal(Enumerable.Range(0, Each).Select(i => (server.Key * 1000) + i));
        Sessions(host).Should().HaveCount(Servers * Each);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task While_nothing_can_be_stored_no_more_is_read_than_a_few_messages(int inFlight)
    {
        const int Messages = 400, Size = 100_000;
        await using EndpointHost host = await StartAsync(new() { MaxMessagesInFlight = inFlight });
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
        host.Sink.Hold();
        int sent = 0;
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                await sender.SendAsync(WebSocketSender.Group(i).PadRight(Size));
                Volatile.Write(ref sent, i + 1);
            }
        });

        await Wait.UntilAsync(() => Budget(host).Reserved == inFlight * Size, s_limit, "the messages to be read");
        await UntilStandsStillAsync(() => Volatile.Read(ref sent));

        sent.Should().BeLessThan(Messages, "TCP holds the sender back");
        Budget(host).Reserved.Should().Be(inFlight * Size, "that much was read, and no more");
        host.Sink.Release();
        await sending.WaitAsync(s_limit);
        await UntilStoredAsync(host, Messages);
        Sessions(host).Should().Equal(Enumerable.Range(0, Messages).Select(i => (long)i));
        await UntilMemoryIsFreeAsync(host);
    }

    [Fact]
    public async Task The_memory_of_all_requests_holds_back_the_messages_too()
    {
        const int Senders = 6, Size = 300_000;
        await using EndpointHost host = await StartAsync(
            configure: builder => builder.Services.AddJanusEvents(options => options.MaxBytesInMemory = 1 << 20));
        WebSocketSender[] senders = await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => WebSocketSender.ConnectAsync(host)));
        host.Sink.Hold();

        foreach ((int number, WebSocketSender sender) in senders.Index())
            await sender.SendAsync(WebSocketSender.Group(number).PadRight(Size));
        await Wait.UntilAsync(() => Budget(host).Waiting > 0, s_limit, "some to wait for memory");
        // Where all wait, the first goes on beyond the budget, since waiting would free nothing.
        Budget(host).Reserved.Should().BeLessThanOrEqualTo((1 << 20) + Size);
        host.Sink.Release();

        await UntilStoredAsync(host, Senders);
        await UntilMemoryIsFreeAsync(host);
        foreach (WebSocketSender sender in senders)
            sender.Dispose();
    }

    [Fact]
    public async Task A_store_that_fails_and_comes_back_gets_everything_once_in_order()
    {
        await using EndpointHost host = await StartAsync();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
        host.Sink.Failure = new IOException("The store is away.");

        for (int i = 0; i < 300; i++)
            await sender.SendAsync(WebSocketSender.Group(i));
        await Wait.UntilAsync(() => host.Sink.Begun > 5, s_limit, "the store to be tried again");
        host.Sink.Stored.Should().BeEmpty();
        host.Sink.Failure = null;

        await UntilStoredAsync(host, 300);
        Sessions(host).Should().Equal(Enumerable.Range(0, 300).Select(i => (long)i));
    }

    [Fact]
    public async Task What_was_read_is_stored_though_its_sender_is_gone()
    {
        await using EndpointHost host = await StartAsync();
        host.Sink.Hold();
        using (WebSocketSender sender = await WebSocketSender.ConnectAsync(host))
        {
            for (int i = 0; i < 10; i++)
                await sender.SendAsync(WebSocketSender.Group(i));
            await Wait.UntilAsync(() => Budget(host).Reserved >= 10 * WebSocketSender.Group(0).Length, s_limit, "all to be read");
        }

        host.Sink.Release();
        await UntilStoredAsync(host, 10);
        await Wait.UntilAsync(() => host.Log.OfId(3022).Any(), s_limit, "the end to be logged");
        host.Log.OfId(3022).Single().Message.Should().Contain("after 10 messages");
    }

    [Fact]
    public async Task A_delivery_that_throws_is_asked_again()
    {
        FailingDelivery delivery = new(failures: 3);
        await using EndpointHost host = await StartAsync(configure: builder => builder.Services.AddSingleton<IBodyDelivery>(delivery));
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(WebSocketSender.Group(1));

        await Wait.UntilAsync(() => delivery.Delivered == 1, s_limit, "the message to be taken");
        host.Log.OfId(3025).Should().HaveCount(3);
    }

    [Theory]
    [InlineData("janus-event-handlers", "janus-event-handlers", true)]
    [InlineData("janus-event-handlers", "other", false)]
    [InlineData("janus-event-handlers", null, false)]
    [InlineData("ours", "ours", true)]
    [InlineData("ours", "janus-event-handlers", false)]
    [InlineData(null, "other", true)]
    [InlineData("", null, true)]
    public async Task The_sub_protocol_decides_who_is_let_in(string? wanted, string? asked, bool letIn)
    {
        await using EndpointHost host = await StartAsync(new() { SubProtocol = wanted });
        using ClientWebSocket socket = new();
        socket.Options.CollectHttpResponseDetails = true;
        if (asked is not null)
            socket.Options.AddSubProtocol(asked);

        Func<Task> connect = () => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{host.Address.Port}{WebSocketSender.Path}"), CancellationToken.None);

        if (letIn)
        {
            await connect();
            socket.SubProtocol.Should().Be(asked);
        }
        else
        {
            await connect.Should().ThrowAsync<WebSocketException>();
            socket.HttpStatusCode.Should().Be(HttpStatusCode.BadRequest);
            host.Log.OfId(3020).Should().ContainSingle().Which.Message.Should().Contain($"subprotocol = \"{wanted}\"");
        }
    }

    [Fact]
    public async Task Who_asks_for_no_WebSocket_is_told_so()
    {
        await using EndpointHost host = await StartAsync();
        using HttpClient http = new();

        using HttpResponseMessage got = await http.GetAsync(new Uri(host.Address, WebSocketSender.Path));
        using HttpResponseMessage posted = await host.PostAsync("[]", WebSocketSender.Path);

        got.StatusCode.Should().Be(HttpStatusCode.UpgradeRequired);
        (await got.Content.ReadAsStringAsync()).Should().Contain("WebSocket");
        posted.StatusCode.Should().Be(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task It_works_in_a_host_that_uses_WebSockets_itself()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app =>
        {
            app.UseWebSockets();
            app.MapGroup("/media").MapJanusEventsWebSocket();
        });
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host, path: "/media/janus/events/ws");

        await sender.SendAsync(WebSocketSender.Group(1));

        await UntilStoredAsync(host, 1);
    }

    [Fact]
    public async Task It_works_over_HTTP_2()
    {
        await using EndpointHost host = await StartAsync();
        using SocketsHttpHandler handler = new();
        using HttpMessageInvoker invoker = new(handler);
        using ClientWebSocket socket = new();
        socket.Options.AddSubProtocol(WebSocketSender.SubProtocol);
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{host.Http2Address.Port}{WebSocketSender.Path}"), invoker, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes(WebSocketSender.Group(1)), WebSocketMessageType.Text, true, CancellationToken.None);

        await UntilStoredAsync(host, 1);
    }

    [Fact]
    public async Task A_host_name_can_be_required()
    {
        await using EndpointHost host = await EndpointHost.StartAsync(map: app => app.MapJanusEventsWebSocket().RequireHost("events.example"));
        Func<Task> connect = () => WebSocketSender.ConnectAsync(host);

        await connect.Should().ThrowAsync<WebSocketException>();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host, configure: options => options.SetRequestHeader("Host", "events.example"));
        await sender.SendAsync(WebSocketSender.Group(1));
        await UntilStoredAsync(host, 1);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", true)]
    [InlineData("http://127.0.0.1:0", false)]
    public async Task That_anybody_is_let_in_is_told_where_other_machines_reach_it(string url, bool told)
    {
        using RecordingLog log = new();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.UseUrls(url);
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        await using WebApplication app = builder.Build();
        app.MapJanusEventsWebSocket();

        await app.StartAsync();
        await app.StopAsync();

        log.OfId(3027).Should().HaveCount(told ? 1 : 0);
    }

    [Fact]
    public async Task A_host_that_stops_closes_with_1001_and_stores_all_that_was_sent_before()
    {
        await using EndpointHost host = await StartAsync(new() { MaxMessagesInFlight = 2 });
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
        host.Sink.Hold();
        for (int i = 0; i < 50; i++)
            await sender.SendAsync(WebSocketSender.Group(i));

        Task stopping = host.StopAsync();
        (await sender.UntilClosedAsync()).Should().Be(WebSocketCloseStatus.EndpointUnavailable);
        stopping.IsCompleted.Should().BeFalse("what was read is not stored yet");
        host.Sink.Release();
        await stopping.WaitAsync(s_limit);

        Sessions(host).Should().Equal(Enumerable.Range(0, 50).Select(i => (long)i));
        host.Log.OfId(3024).Should().BeEmpty();
    }

    [Fact]
    public async Task A_host_that_stops_waits_neither_for_a_store_that_is_away_nor_for_a_sender_that_does_not_answer()
    {
        await using EndpointHost host = await StartAsync(
            new() { MaxMessagesInFlight = 2 },
            builder => builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2)));
        host.Sink.Failure = new IOException("The store is away.");
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);
        using WebSocketSender silent = await WebSocketSender.ConnectAsync(host);
        for (int i = 0; i < 5; i++)
            await sender.SendAsync(WebSocketSender.Group(i));
        await Wait.UntilAsync(() => host.Sink.Begun > 1, s_limit, "the store to be tried");

        await host.StopAsync().WaitAsync(s_limit);

        host.Log.OfId(3024).Should().HaveCount(2, "what was read and not stored is told");
        await UntilMemoryIsFreeAsync(host);
    }

    [Theory]
    [InlineData("a b", 1, 1, 0, "SubProtocol is \"a b\"; it must be one word*")]
    [InlineData("", 0, 1, 0, "MaxMessageBytes is 0; it must be 1 to *")]
    [InlineData("", long.MaxValue, 1, 0, "MaxMessageBytes is 9223372036854775807; it must be 1 to *")]
    [InlineData("", 1, 0, 0, "MaxMessagesInFlight is 0; it must be 1 to 1000.")]
    [InlineData("", 1, 1001, 0, "MaxMessagesInFlight is 1001; it must be 1 to 1000.")]
    [InlineData("", 1, 1, -1, "KeepAliveInterval is -00:00:01; it must be zero*")]
    public void Options_out_of_range_are_an_error_at_start(string subProtocol, long bytes, int inFlight, int seconds, string message)
    {
        WebApplicationBuilder builder = EndpointHost.NewBuilder();
        builder.Services.AddJanusEvents().AddSink(new EndpointSink());
        builder.Services.Configure<JanusEventsWebSocketOptions>(options =>
        {
            options.SubProtocol = subProtocol;
            options.MaxMessageBytes = bytes;
            options.MaxMessagesInFlight = inFlight;
            options.KeepAliveInterval = TimeSpan.FromSeconds(seconds);
        });
        using WebApplication app = builder.Build();

        Action map = () => app.MapJanusEventsWebSocket();

        map.Should().Throw<OptionsValidationException>().WithMessage($"*{message}");
    }

    [Fact]
    public void Without_AddJanusEvents_it_says_what_to_call()
    {
        using WebApplication app = EndpointHost.NewBuilder().Build();

        Action map = () => app.MapJanusEventsWebSocket();

        map.Should().Throw<InvalidOperationException>().WithMessage("MapJanusEventsWebSocket needs*builder.Services.AddJanusEvents()*");
    }

    [Fact]
    public async Task With_a_spool_a_database_that_is_away_holds_nobody_back()
    {
        using TemporaryFolder folder = new();
        await using EndpointHost host = await StartAsync(
            new() { MaxMessagesInFlight = 1 },
            builder => builder.Services.AddJanusEvents().UseSpool(folder["spool.db"]));
        host.Sink.Hold();
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        for (int i = 0; i < 20; i++)
            await sender.SendAsync(WebSocketSender.Group(i));

        await Wait.UntilAsync(() => host.Services.GetRequiredService<IEventSpool>().ReadBacklog().Bodies == 20, s_limit, "all to be spooled");
        host.Sink.Release();
        await UntilStoredAsync(host, 20);
    }

    [Fact]
    public async Task The_same_bytes_again_are_stored_once()
    {
        using TemporaryFolder folder = new();
        await using EndpointHost host = await StartAsync(
            configure: builder => builder.Services.AddJanusEvents().AddSqlite($"Data Source={folder["events.db"]}"));
        using WebSocketSender sender = await WebSocketSender.ConnectAsync(host);

        await sender.SendAsync(WebSocketSender.Group(1));
        await UntilStoredAsync(host, 1);
        (await host.PostAsync(WebSocketSender.Group(1), "/janus/events/http")).StatusCode.Should().Be(HttpStatusCode.OK);
        await sender.SendAsync(WebSocketSender.Group(1));
        await sender.SendAsync(WebSocketSender.Group(2));

        IEventStore store = host.Services.GetRequiredService<IEventStore>();
        await Wait.UntilAsync(
            async () => await store.ReadAsync(new EventQuery { SessionId = 2 }).CountAsync() == 1, s_limit, "the last to be stored");
        (await store.ReadAsync(new EventQuery()).Select(e => e.SessionId!.Value).ToListAsync()).Should().Equal(1, 2);
    }

    [FactNeeding(Capabilities.MariaDb)]
    public async Task A_server_whose_events_are_refused_holds_up_no_other()
    {
        const int Groups = 50;
        await using MariaDbServer server = await MariaDbServer.StartAsync();
        MariaDbDatabase database = await server.CreateDatabaseAsync();
        await using EndpointHost host = await StartAsync(
            configure: builder => builder.Services.AddJanusEvents().AddMySql(database.ConnectionString));
        using WebSocketSender bad = await WebSocketSender.ConnectAsync(host);
        await bad.SendAsync(Handle(0));
        await UntilStoredAsync("SELECT count(*) FROM handles", 1);
        await database.QueryAsync("ALTER TABLE handles ADD UNIQUE KEY once (session)");
        await database.QueryAsync(
            "CREATE TRIGGER odd BEFORE INSERT ON handles FOR EACH ROW SET NEW.plugin = IF(NEW.handle % 2 = 1, (SELECT 1 UNION SELECT 2), NEW.plugin)");
        WebSocketSender[] others = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => WebSocketSender.ConnectAsync(host)))];

        for (int group = 0; group < Groups; group++)
        {
            await bad.SendAsync(Handle(group + 1));
            for (int other = 0; other < others.Length; other++)
                await others[other].SendAsync(NumberedBody.Json([(other * 100_000) + group], $"other-{other}"));
        }

        // An event is to blame only while others are stored.
        int sent = Groups;
        await Wait.UntilAsync(
            async () =>
            {
                for (int other = 0; other < others.Length; other++)
                    await others[other].SendAsync(NumberedBody.Json([(other * 100_000) + sent], $"other-{other}"));
                sent++;
                return await database.ValueAsync("SELECT count(*) FROM rejected") == $"{Groups}";
            },
            s_limit,
            "the refused ones to be rejected");
        await UntilStoredAsync("SELECT count(*) FROM sessions", 4 * sent);
        (await database.ValueAsync("SELECT count(DISTINCT bytes) FROM rejected")).Should().Be($"{Groups}");
        (await database.ValueAsync("SELECT count(*) FROM handles")).Should().Be("1");
        (await database.QueryAsync("SELECT session FROM sessions ORDER BY id")).Select(row => int.Parse(row[0]!, System.Globalization.CultureInfo.InvariantCulture))
            .GroupBy(n => n / 100_000).Should().HaveCount(4).And.OnlyContain(ofOne => ofOne.SequenceEqual(ofOne.Order()), "each server's order stays");
        foreach (WebSocketSender other in others)
            other.Dispose();

        static string Handle(int handle) =>
            $$$"""{"emitter":"bad","type":2,"timestamp":1795323726000000,"session_id":1,"handle_id":{{{handle}}},"event":{"name":"attached","plugin":"p"}}""";

        async Task UntilStoredAsync(string query, int count)
        {
            string? found = null;
            await Wait.UntilAsync(
                async () =>
                {
                    try
                    {
                        found = await database.ValueAsync(query);
                    }
                    catch (InvalidOperationException e)
                    {
                        found = e.Message; // The table is not there yet.
                    }

                    return found == $"{count}";
                },
                s_limit,
                $"{query} to be {count}",
                () => $"{found}\n{string.Join('\n', host.Log.Own)}");
        }
    }

    private static Task<EndpointHost> StartAsync(JanusEventsWebSocketOptions? options = null, Action<WebApplicationBuilder>? configure = null) =>
        EndpointHost.StartAsync(configure: configure, map: app =>
        {
            app.MapJanusEvents("/janus/events/http");
            app.MapJanusEventsWebSocket(WebSocketSender.Path, options ?? new());
        });

    private static async Task SendFragmentsAsync(WebSocketSender sender, string message, int size)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(message);
        foreach (byte[] fragment in bytes.Chunk(size))
            await sender.SendAsync(fragment, end: false);
        await sender.SendAsync([], end: true);
    }

    private static Task UntilStoredAsync(EndpointHost host, int bodies) => Wait.UntilAsync(
        () => host.Sink.Stored.Count >= bodies, s_limit, $"{bodies} bodies to be stored", () => string.Join('\n', host.Log.Own));

    private static Task UntilMemoryIsFreeAsync(EndpointHost host) =>
        Wait.UntilAsync(() => Budget(host) is { Reserved: 0, Waiting: 0 }, s_limit, "the memory to be given back");

    // That nothing more happens cannot be waited for. A moment in which nothing did is enough: it can only hide a failure.
    private static Task UntilStandsStillAsync(Func<int> count)
    {
        int last = -1;
        Stopwatch since = Stopwatch.StartNew();
        return Wait.UntilAsync(
            () =>
            {
                int now = count();
                if (now != last)
                {
                    last = now;
                    since.Restart();
                }

                return since.ElapsedMilliseconds > 500;
            },
            s_limit,
            "the sender to be held back");
    }

    private static long[] Sessions(EndpointHost host) => [.. host.Sink.Events.Select(e => e.SessionId!.Value)];

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);

    private static ByteBudget Budget(EndpointHost host) => host.Services.GetRequiredService<ByteBudget>();

    private sealed class FailingDelivery(int failures) : IBodyDelivery
    {
        private int _asked;
        private int _delivered;

        public int Delivered => Volatile.Read(ref _delivered);

        public ValueTask<DeliveryResult> DeliverAsync(ReceivedBody body, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) <= failures)
                throw new InvalidOperationException("Not yet.");
            Interlocked.Increment(ref _delivered);
            return ValueTask.FromResult(DeliveryResult.Stored);
        }
    }
}

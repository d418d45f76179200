using System.Globalization;
using System.Text;
using JanusEvents.Spool;
using JanusEvents.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace JanusEvents.Sqlite.Tests;

/// <summary>With every kind of secret taken out, none of them is in anything that is written down.</summary>
public sealed class RedactionTests : IDisposable
{
    private static readonly TimeSpan s_limit = Wait.Limit;
    private static readonly JanusEventParser s_parser = new();

    /// <summary>What no capture has.</summary>
    private static readonly string[] s_more =
    [
        """[{"type":64,"session_id":1,"handle_id":2,"event":{"plugin":"janus.plugin.sip","data":{"event":"sip-out","sip":"REGISTER sip:198.51.100.7 SIP/2.0\r\nAuthorization: Digest username=\"anna\",\r\n response=\"0123456789abcdef0123456789abcdef\"\r\nContact: <sip:anna@[2001:db8:7:8::9]:5060>\r\n\r\n"}}}]""",
        """[{"type":16,"subtype":3,"session_id":1,"handle_id":2,"event":{"remote-candidate":"1 1 udp 1 3f1b8d5e-77c2-4a6e-9f0e-0c1d2e3f4a5b.local 5 typ host ufrag a","stream_id":1,"component_id":1}}]""",
        """{"type":64,"session_id":1,"handle_id":2,"event":{"plugin":"janus.plugin.videoroom","data":{"event":"joined","room":1,"id":5,"display":"anna","token":"a-joined-token"}}}""",
        """[17,{"type":2,"event":{"token":"a-broken-token"},"a=ice-pwd:brokenpassword":"203.0.113.77"]""",
        "no JSON: \"token\":\"an-unusable-token\" from 203.0.113.78",
    ];

    private static readonly Lazy<IReadOnlyList<byte[]>> s_sent = new(() =>
    [
        .. Captures.Names.SelectMany(Captures.Bodies).Select(body => body.Json),
        .. s_more.Select(Encoding.UTF8.GetBytes),
    ]);

    private readonly TemporaryFolder _folder = new();

    private string Database => _folder["events.db"];

    private string Spool => _folder["spool.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, AddressRedaction.Mask)]
    [InlineData(true, AddressRedaction.Hash)]
    public async Task Of_all_captures_no_secret_is_in_a_table_a_spool_or_a_log_and_a_body_that_comes_again_is_known(
        bool spool, AddressRedaction addresses)
    {
        IReadOnlyList<string> secrets = CapturedSecrets.In(s_sent.Value);
        secrets.Should().Contain(
            ["tök€n-1", "10.77.0.2", "::ffff:10.77.0.2", "a-joined-token", "a-broken-token", "an-unusable-token", "0123456789abcdef0123456789abcdef", "2001:db8:7:8::9", "3f1b8d5e-77c2-4a6e-9f0e-0c1d2e3f4a5b.local", "203.0.113.78"]);
        secrets.Should().HaveCountGreaterThan(60, "the captures have that many ICE passwords");
        if (spool)
        {
            // Everything lies in the spool while the store is away, and reaches it by the next host.
            AwaySink away = new();
            await using DeliveryHost host = await StartAsync(b => b.AddSink(away).UseSpool(Spool), addresses);
            await DeliverAsync(host);
            host.Services.GetRequiredService<IEventSpool>().ReadBacklog().Bodies.Should().BeGreaterThan(1000);
            Left(secrets, host).Should().BeEmpty();
        }

        int rejected;
        List<string> stored;
        await using (DeliveryHost host = await StartAsync(Add, addresses))
        {
            await DeliverAsync(host);
            stored = await UntilStoredAsync(host);
            rejected = Count("rejected");
            Left(secrets, host).Should().BeEmpty();
        }

        Left(secrets, host: null).Should().BeEmpty("that is so once the files are closed as well");
        stored.Count.Should().Be(s_sent.Value.DistinctBy(Convert.ToHexString).Sum(Events)).And.BeGreaterThan(20_000);
        Rows("SELECT reason, size, bytes FROM rejected ORDER BY id").Should().Equal(
            s_sent.Value.SelectMany(json => s_parser.Parse(json).Rejected).Select(piece => $"{piece.Reason}|{piece.Bytes.Length}|"));
        rejected.Should().BeGreaterThan(2);

        await using DeliveryHost restarted = await StartAsync(Add, addresses);
        await DeliverAsync(restarted);
        (await restarted.DeliverAsync(Received("""[{"type":1,"session_id":4711,"event":{"name":"the last"}}]"""u8.ToArray())).WaitAsync(s_limit)).Should().BeTrue();
        await Wait.UntilAsync(() => Count("sessions WHERE event = 'the last'") == 1, s_limit, "the last body to be stored");
        (await ReadAsync(restarted)).Should().Equal([.. stored, """{"type":1,"session_id":4711,"event":{"name":"the last"}}"""]);
        Count("rejected").Should().Be(rejected);

        void Add(JanusEventsBuilder builder)
        {
            builder.AddSqlite($"Data Source={Database};Pooling=False");
            if (spool)
                builder.UseSpool(Spool);
        }
    }

    [Fact]
    public async Task The_spool_keeps_hash_and_rejected_pieces_and_cleans_what_it_took_before_the_option_was_on()
    {
        AwaySink away = new();
        ReceivedBody before = Received("""[{"type":2,"session_id":1,"event":{"token":"spooled-before"}},17]"""u8.ToArray());
        ReceivedBody after = Received("""[{"type":2,"session_id":2,"event":{"token":"spooled-after"}},18,"""u8.ToArray());
        await using (DeliveryHost host = await DeliveryHost.StartAsync(b => b.AddSink(away).UseSpool(Spool)))
            (await host.DeliverAsync(before).WaitAsync(s_limit)).Should().BeTrue();
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(away).UseSpool(Spool), AddressRedaction.Keep))
            (await host.DeliverAsync(after).WaitAsync(s_limit)).Should().BeTrue();

        List<ReceivedBody> got = [];
        await using (DeliveryHost host = await StartAsync(b => b.AddSink(Keep, sink => sink.Name = "AwaySink").UseSpool(Spool), AddressRedaction.Keep))
            await Wait.UntilAsync(() => got.Count == 2, s_limit, "both bodies");

        ReceivedBody[] sent = [before, after];
        for (int i = 0; i < 2; i++)
        {
            got[i].Hash.ToArray().Should().Equal(sent[i].Hash.ToArray());
            got[i].Rejected.Should().Equal(sent[i].Rejected.Select(piece => piece with { Bytes = default })).And.NotBeEmpty();
            got[i].Events.Should().ContainSingle().Which.Json.ToString().Should().Be($$$"""{"type":2,"session_id":{{{i + 1}}},"event":{"token":"***"}}""");
            (got[i].IsUsable, got[i].ArrivedAt, got[i].RemoteAddress).Should().Be((true, sent[i].ArrivedAt, sent[i].RemoteAddress));
        }

        ValueTask Keep(EventBatch batch, CancellationToken cancellationToken)
        {
            got.AddRange(batch.Bodies);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public void A_spool_of_an_earlier_version_is_opened_and_keeps_its_bodies()
    {
        using (SqliteConnection connection = new($"Data Source={Spool};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText =
                """
                CREATE TABLE bodies (sequence INTEGER PRIMARY KEY AUTOINCREMENT, arrived INTEGER NOT NULL, remote TEXT, bytes BLOB NOT NULL);
                INSERT INTO bodies (arrived, bytes) VALUES (7, x'5b5d');
                """;
            command.ExecuteNonQuery();
        }

        for (int i = 1; i <= 2; i++)
        {
            using SpoolFile file = SpoolFile.Open(Spool, new SpoolOptions(), TimeProvider.System);
            file.Append([NumberedBody.Of(i)]);
            file.Read(0, 1 << 20, 100).Select(body => body.Json.Length).Should().HaveCount(i + 1).And.StartWith(2);
        }
    }

    private static int Events(byte[] json) => s_parser.Parse(json).Events.Count(e => e is not MediaStatsEvent { Part: > 0 });

    private static ReceivedBody Received(byte[] json) => new(json, s_parser.Parse(json), DateTimeOffset.UtcNow, "192.0.2.1");

    private static Task<DeliveryHost> StartAsync(Action<JanusEventsBuilder> add, AddressRedaction addresses) =>
        DeliveryHost.StartAsync(
            builder =>
            {
                builder.Services.Configure<LoggerFilterOptions>(filter => filter.MinLevel = LogLevel.Trace);
                add(builder);
            },
            options =>
            {
                options.Redaction.Tokens = options.Redaction.IcePasswords = options.Redaction.SipAuthorization = true;
                options.Redaction.Addresses = addresses;
                options.Redaction.AddressKey = "a key of enough characters";
            });

    private static async Task DeliverAsync(DeliveryHost host) =>
        (await Task.WhenAll(s_sent.Value.Select(json => host.DeliverAsync(Received(json)))).WaitAsync(s_limit)).Should().NotContain(false);

    private static async Task<List<string>> ReadAsync(DeliveryHost host)
    {
        List<string> events = [];
        await foreach (JanusEvent e in host.Services.GetRequiredService<IEventStore>().ReadAsync(new EventQuery()))
        {
            if (e is not MediaStatsEvent { Part: > 0 })
                events.Add(e.ToJson());
        }

        return events;
    }

    private static async Task<List<string>> UntilStoredAsync(DeliveryHost host)
    {
        if (host.Services.GetService<IEventSpool>() is { } spool)
            await Wait.UntilAsync(() => spool.ReadBacklog().Bodies == 0, s_limit, "everything to leave the spool");
        return await ReadAsync(host);
    }

    /// <summary>The secrets that are in a file of the database or the spool, or in a message of the log.</summary>
    private List<string> Left(IReadOnlyList<string> secrets, DeliveryHost? host) =>
    [
        .. Directory.GetFiles(_folder.Path, "*.db*").Where(path => !path.EndsWith("-lock", StringComparison.Ordinal))
            .SelectMany(path => CapturedSecrets.LeftInFile(secrets, path).Select(secret => $"{Path.GetFileName(path)}: {secret}")),
        .. host is null ? [] : Enum.GetValues<LogLevel>().SelectMany(host.Log.Of).SelectMany(line => CapturedSecrets.Left(secrets, line)),
    ];

    private int Count(string from) => int.Parse(Rows($"SELECT COUNT(*) FROM {from}").Single(), CultureInfo.InvariantCulture);

    private List<string> Rows(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Database};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        return rows;
    }

    /// <summary>A sink that stores nothing.</summary>
    private sealed class AwaySink : IEventSink
    {
        public ValueTask WriteAsync(EventBatch batch, CancellationToken cancellationToken) => throw new IOException("The store is away.");
    }
}

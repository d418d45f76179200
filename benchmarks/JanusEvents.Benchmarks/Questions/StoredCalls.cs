using System.Globalization;

namespace JanusEvents.Benchmarks.Questions;

/// <summary>
/// The events of a busy server's last five days, as SQL that makes them inside the database: 64 calls at a time, each a
/// session with two handles that send audio and video, and of each medium 125 statistics. A row of statistics has an even
/// number; what else belongs to a call has odd ones near those of its beginning and end.
/// </summary>
/// <param name="rows">Rows of statistics.</param>
/// <param name="end">When the last one happened.</param>
internal sealed class StoredCalls(long rows, DateTime end)
{
    private const int Slots = 64;
    private const int RowsPerTick = 4;
    private const int TicksOfCall = 125;
    private const int RowsOfCall = TicksOfCall * RowsPerTick;

    // The first calls began before the first statistics.
    private const int Earlier = 2 * Slots * Slots * RowsPerTick;
    private static readonly TimeSpan s_time = TimeSpan.FromDays(5);

    /// <summary>How many calls there are.</summary>
    public long Calls => rows / RowsOfCall;

    /// <summary>When the last row happened.</summary>
    public DateTime End => end;

    /// <summary>The number of the last row of statistics.</summary>
    public long LastNumber => (rows + Earlier) * 2;

    /// <summary>The ids of a call, the same as in the SQL.</summary>
    public static (long Session, long Handle) IdsOf(long call) =>
        ((((call + 1) * 2654435769 % 4294967296) * 1048576) + call, (((call + 1) * 2246822519 % 4294967296) * 1048576) + (call * 2));

    /// <summary>A table's rows: how many, and the SQL of each column over the number <c>seq</c> from 1 on.</summary>
    /// <param name="scene">The database.</param>
    public IEnumerable<(string Table, long Rows, (string Column, string Sql)[] Columns)> Tables(QuestionScene scene)
    {
        string Div(string a, long b) => scene.Divide(a, b.ToString(CultureInfo.InvariantCulture));
        string tick = Div("(seq - 1)", Slots * RowsPerTick);
        string slot = $"({Div("(seq - 1)", RowsPerTick)} % {Slots})";
        string call = $"({Div($"({tick} + {slot} * 2)", TicksOfCall)} * {Slots} + {slot})";
        string handle = $"({Div("(seq - 1)", 2)} % 2)";
        string age = $"(({tick} + {slot} * 2) % {TicksOfCall})";
        string video = "((seq - 1) % 2)";
        yield return ("stats", rows,
        [
            ("id", $"(seq + {Earlier}) * 2"),
            .. Envelope(call, handle, "seq"),
            ("medium", $"CASE {video} WHEN 0 THEN 'audio' ELSE 'video' END"),
            ("base", $"48000 + {video} * 42000"), ("lostlocal", $"{age} % 7"), ("lostremote", $"{age} % 5"),
            ("jitterlocal", "seq % 23"), ("jitterremote", "seq % 19"),
            ("packetssent", $"{age} * 550"), ("packetsrecv", $"{age} * 549"),
            ("bytessent", $"{age} * 47011 * (1 + {video} * 12)"), ("bytesrecv", $"{age} * 46810 * (1 + {video} * 12)"),
            ("nackssent", $"{age} % 3"), ("nacksrecv", $"{age} % 2"),
            ("subtype", "3"), ("mid", $"{video}"), ("mindex", $"{video}"),
            ("codec", $"CASE {video} WHEN 0 THEN 'opus' ELSE 'vp8' END"), ("rtt", "seq % 61"),
            ("inquality", "100"), ("inmediaquality", "100"), ("outquality", "100"), ("outmediaquality", "100"),
            ("bytesrecvlastsec", "46810"), ("bytessentlastsec", "47011"), ("retransmissionsrecv", "0"),
        ]);

        yield return OfCalls("sessions", 2, [("event", "CASE {k} WHEN 0 THEN 'created' ELSE 'destroyed' END"), ("transport", "'janus.transport.http'")]);
        yield return OfCalls("handles", 4, [("event", "CASE {e} WHEN 0 THEN 'attached' ELSE 'detached' END"), ("plugin", "'janus.plugin.videoroom'")]);
        yield return OfCalls("sdps", 4, [("remote", "{e}"), ("offer", "1 - {e}"), ("sdp", scene.Repeat("a=rtpmap:96 VP8/90000 ", 120))]);
        yield return OfCalls("ice", 8, [("stream", "1"), ("component", "1"), ("state", "'connected'"), ("subtype", "1")]);
        yield return OfCalls("candidates", 8, [("stream", "1"), ("component", "1"), ("remote", "{e} % 2"), ("local_candidate", "'1 1 udp 2015363327 192.0.2.1 50000 typ host'")]);
        yield return OfCalls("selectedpairs", 2, [("stream", "1"), ("component", "1"), ("selected", "'192.0.2.1:50000 [host,udp] <-> 198.51.100.7:61000 [prflx,udp]'"), ("subtype", "4")]);
        yield return OfCalls("dtls", 4, [("stream", "1"), ("component", "1"), ("state", "CASE {e} WHEN 0 THEN 'trying' ELSE 'connected' END"), ("subtype", "5")]);
        yield return OfCalls("connections", 4, [("state", "CASE {e} WHEN 0 THEN 'webrtcup' ELSE 'hangup' END"), ("subtype", "6")]);
        yield return OfCalls("media", 8, [("medium", "CASE {e} % 2 WHEN 0 THEN 'audio' ELSE 'video' END"), ("receiving", "1"), ("subtype", "1")]);
        yield return OfCalls("plugins", 8, [("plugin", "'janus.plugin.videoroom'"), ("event", scene.Repeat("""{"event":"configured","room":1234,"id":1} """, 6))]);

        (string, long, (string, string)[]) OfCalls(string table, int each, (string Column, string Sql)[] columns)
        {
            string of = Div("(seq - 1)", each);
            string k = $"((seq - 1) % {each})";
            string e = Div(k, 2);
            string first = $"({Div(of, Slots)} * {TicksOfCall} - {of} % {Slots} * 2)";
            first = $"({first} * {Slots * RowsPerTick} + {of} % {Slots} * {RowsPerTick} + 1)";

            // The later half at the call's end.
            string number = $"({first} + {k} + CASE WHEN {k} * 2 < {each} THEN 0 ELSE {(TicksOfCall - 1) * Slots * RowsPerTick} END)";
            IEnumerable<(string Column, string Sql)> envelope = Envelope(of, $"({k} % 2)", number)
                .Where(c => table != "sessions" || c.Column is not "handle" and not "opaque_id");
            return (table, Calls * each,
            [
                ("id", $"({number} + {Earlier}) * 2 + 1"),
                .. envelope,
                .. columns.Select(c => (c.Column, c.Sql.Replace("{k}", k, StringComparison.Ordinal).Replace("{e}", e, StringComparison.Ordinal))),
            ]);
        }

        IEnumerable<(string Column, string Sql)> Envelope(string of, string h, string number) =>
        [
            ("session", $"(({of} + 1) * 2654435769 % 4294967296) * 1048576 + {of}"),
            ("handle", $"(({of} + 1) * 2246822519 % 4294967296) * 1048576 + {of} * 2 + {h}"),
            ("timestamp", scene.TimeAfter(end - s_time, $"{number} * {s_time.Ticks / TimeSpan.TicksPerMicrosecond / rows}")),
            ("emitter", "'janus-srv-00001'"),
            ("opaque_id", "'videoroomtest-9cXjzW1mQ2aB'"),
        ];
    }
}

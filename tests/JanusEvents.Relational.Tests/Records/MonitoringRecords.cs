using JanusEvents.Monitoring.Records;
using JanusEvents.Relational.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace JanusEvents.Relational.Tests.Records;

/// <summary>Records and troubles as the monitoring gives them to a store, at a second of a day of its own.</summary>
internal static class MonitoringRecords
{
    public static DateTimeOffset Day { get; } = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A time, exact to the microsecond.</summary>
    public static DateTimeOffset At(double second) => Day.AddTicks((long)Math.Round(second * 1_000_000) * TimeSpan.TicksPerMicrosecond);

    /// <summary>What the monitoring writes to.</summary>
    public static IMonitoringStore Monitoring(this StoreHost host) => host.Services.GetRequiredService<IMonitoringStore>();

    /// <summary>Stores records.</summary>
    public static Task AddAsync(this StoreHost host, params PeerConnectionRecord[] records) =>
        host.Monitoring().AddRecordsAsync(records, CancellationToken.None);

    /// <summary>Stores troubles.</summary>
    public static Task SaveAsync(this StoreHost host, params Trouble[] troubles) =>
        host.Monitoring().SaveTroublesAsync(troubles, CancellationToken.None);

    /// <summary>Reads records.</summary>
    public static async Task<List<PeerConnectionRecord>> RecordsAsync(this StoreHost host, PeerConnectionQuery? query = null) =>
        await host.Services.GetRequiredService<IPeerConnectionStore>().ReadAsync(query ?? new PeerConnectionQuery()).ToListAsync();

    /// <summary>Reads troubles.</summary>
    public static async Task<List<Trouble>> TroublesAsync(this StoreHost host, TroubleQuery? query = null) =>
        await host.Services.GetRequiredService<ITroubleStore>().ReadAsync(query ?? new TroubleQuery()).ToListAsync();

    /// <summary>A record that says no more than it must.</summary>
    public static PeerConnectionRecord Record(double ended, long session = 1, long handle = 2, int number = 1) => new()
    {
        Session = session,
        Handle = handle,
        Number = number,
        Ended = At(ended),
        Outcome = "completed",
        EndedBy = "client",
        EndEvent = "hangup",
    };

    /// <summary>A record that says everything.</summary>
    public static PeerConnectionRecord FullRecord() => Record(60.654321, long.MaxValue, long.MaxValue - 1, int.MaxValue) with
    {
        Emitter = "edge-7",
        OpaqueId = "videoroom-carol",
        Plugin = "janus.plugin.videoroom",
        Room = "1234",
        Participant = "6978318287626677",
        Display = "Carol \"quoted\" <b> O'Hara \\ 😀",
        Attached = At(1.000001),
        Offered = At(2),
        Answered = At(3),
        Connecting = At(4),
        Connected = At(5),
        DtlsConnected = At(6),
        Up = At(7.123456),
        FirstMedia = At(8),
        SetupMs = 52,
        DurationMs = 53_530,
        Reason = "DTLS alert",
        LocalType = "host",
        RemoteType = "prflx",
        Protocol = "udp",
        Relayed = false,
        IceRestarts = 2,
        Quality = 4.1234567890123,
        QualityWorst = 1.0 / 3,
        Troubles = ["media-lost", "high-loss"],
        Media =
        [
            new PeerConnectionMedium
            {
                Mid = "0", Kind = "audio", PacketsIn = 1, PacketsOut = long.MaxValue, BytesIn = 3, BytesOut = 4, LostInRaw = 5, LostIn = 6, LostOut = 7,
                JitterInMs = 8.5, JitterInMaxMs = 9, JitterOutMs = 10.25, RttMs = 11.1, RttMaxMs = 12, Nacks = 13, Stops = 14,
            },
            new PeerConnectionMedium { Kind = "video \"é😀\" '" },
        ],
    };

    /// <summary>A trouble of a PeerConnection.</summary>
    public static Trouble Trouble(string id, double began, double? ended = null, string code = TroubleCodes.MediaLost, TroubleSeverity severity = TroubleSeverity.Error) => new()
    {
        Id = id,
        Code = code,
        Severity = severity,
        Subject = new TroubleSubject { Emitter = "edge-7", Session = 1, Handle = 2, Number = 1 },
        Began = At(began),
        Confirmed = At(began + 2),
        Ended = ended is { } end ? At(end) : null,
        EndedBy = ended is null ? null : TroubleEnd.Recovered,
    };

    /// <summary>A trouble that says everything.</summary>
    public static Trouble FullTrouble() => Trouble("k3v7abcdefghijklmnop", 27.943001) with
    {
        Side = "client-to-janus",
        Subject = new TroubleSubject
        {
            Emitter = "edge-7", Session = long.MaxValue, Handle = long.MaxValue - 1, Number = 3, Medium = "audio", Mid = "0", Plugin = "janus.plugin.videoroom",
            OpaqueId = "videoroom-carol", Room = "1234", Participant = "6978318287626677", Display = "Carol \"quoted\" <b> O'Hara \\ 😀",
        },
        Count = 3,
        Evidence = [new TroubleEvidence(At(27.942), "audio receiving false"), new TroubleEvidence(At(27.943), "“video” 'receiving' \"false\" 😀")],
        Numbers = new Dictionary<string, double> { ["receivedBefore"] = 81, ["loss"] = 0.1234567890123, ["rttMs"] = double.NaN },
    };
}

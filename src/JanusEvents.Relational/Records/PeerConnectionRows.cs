using JanusEvents.Relational.Tables;

namespace JanusEvents.Relational.Records;

/// <summary>Records as rows of their table.</summary>
internal static class PeerConnectionRows
{
    /// <summary>The row of a record.</summary>
    public static object?[] Of(PeerConnectionRecord record) => Fit(RecordTables.PeerConnections,
    [
        record.Emitter,
        record.Session,
        record.Handle,
        (long)record.Number,
        record.OpaqueId,
        record.Plugin,
        record.Room,
        record.Participant,
        record.Display,
        record.Attached,
        record.Offered,
        record.Answered,
        record.Connecting,
        record.Connected,
        record.DtlsConnected,
        record.Up,
        record.FirstMedia,
        record.Ended,
        record.SetupMs,
        record.DurationMs,
        record.Outcome,
        record.EndedBy,
        record.EndEvent,
        record.Reason,
        record.LocalType,
        record.RemoteType,
        record.Protocol,
        record.Relayed,
        (long)record.IceRestarts,
        record.Quality,
        record.QualityWorst,
        RecordJson.Write(record.Troubles, RecordJson.Texts),
        RecordJson.Write(record.Media, RecordJson.Media),
    ]);

    /// <summary>The record of a row.</summary>
    public static PeerConnectionRecord Read(RecordRow row) => new()
    {
        Emitter = row.Emitter,
        Session = row.Number("session") ?? 0,
        Handle = row.Number("handle") ?? 0,
        Number = (int)(row.Number("number") ?? 0),
        OpaqueId = row.Text("opaque_id"),
        Plugin = row.Text("plugin"),
        Room = row.Text("room"),
        Participant = row.Text("participant"),
        Display = row.Text("display"),
        Attached = row.Time("attached"),
        Offered = row.Time("offered"),
        Answered = row.Time("answered"),
        Connecting = row.Time("connecting"),
        Connected = row.Time("connected"),
        DtlsConnected = row.Time("dtls_connected"),
        Up = row.Time("up"),
        FirstMedia = row.Time("first_media"),
        Ended = row.Time("ended") ?? default,
        SetupMs = row.Number("setup_ms"),
        DurationMs = row.Number("duration_ms"),
        Outcome = row.Text("outcome") ?? "",
        EndedBy = row.Text("ended_by") ?? "",
        EndEvent = row.Text("end_event") ?? "",
        Reason = row.Text("reason"),
        LocalType = row.Text("local_type"),
        RemoteType = row.Text("remote_type"),
        Protocol = row.Text("protocol"),
        Relayed = row.Truth("relayed"),
        IceRestarts = (int)(row.Number("ice_restarts") ?? 0),
        Quality = row.Real("quality"),
        QualityWorst = row.Real("quality_worst"),
        Troubles = RecordJson.Read(row.Text("troubles"), RecordJson.Texts) ?? [],
        Media = RecordJson.Read(row.Text("media"), RecordJson.Media) ?? [],
    };

    /// <summary>Values as the columns of a table hold them.</summary>
    public static object?[] Fit(TableDefinition table, object?[] values) =>
        [.. table.Columns.Zip(values, RecordTables.Fit)];
}

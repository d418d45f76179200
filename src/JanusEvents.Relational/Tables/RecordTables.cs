namespace JanusEvents.Relational.Tables;

/// <summary>
/// The tables of what the monitoring finds: a row for each PeerConnection that ended, and one for each trouble. Without
/// monitoring they stay empty.
/// </summary>
internal static class RecordTables
{
    /// <summary>
    /// The records of PeerConnections. The server is in the primary key, so that a missing name is empty text and not null, which no
    /// key would hold to be the same as another (<see cref="FactTable.KeyName"/>).
    /// </summary>
    public static TableDefinition PeerConnections { get; } = new(
        "peerconnections",
        [
            new TableColumn("emitter", ColumnKind.Name),
            new TableColumn("session", ColumnKind.Integer),
            new TableColumn("handle", ColumnKind.Integer),
            new TableColumn("number", ColumnKind.Integer),
            new TableColumn("opaque_id", ColumnKind.Name),
            new TableColumn("plugin", ColumnKind.Name),
            new TableColumn("room", ColumnKind.Name),
            new TableColumn("participant", ColumnKind.Name),
            new TableColumn("display", ColumnKind.ShortText),
            new TableColumn("attached", ColumnKind.Time),
            new TableColumn("offered", ColumnKind.Time),
            new TableColumn("answered", ColumnKind.Time),
            new TableColumn("connecting", ColumnKind.Time),
            new TableColumn("connected", ColumnKind.Time),
            new TableColumn("dtls_connected", ColumnKind.Time),
            new TableColumn("up", ColumnKind.Time),
            new TableColumn("first_media", ColumnKind.Time),
            new TableColumn("ended", ColumnKind.Time),
            new TableColumn("setup_ms", ColumnKind.Integer),
            new TableColumn("duration_ms", ColumnKind.Integer),
            new TableColumn("outcome", ColumnKind.Key),
            new TableColumn("ended_by", ColumnKind.Key),
            new TableColumn("end_event", ColumnKind.Key),
            new TableColumn("reason", ColumnKind.ShortText),
            new TableColumn("local_type", ColumnKind.ShortText),
            new TableColumn("remote_type", ColumnKind.ShortText),
            new TableColumn("protocol", ColumnKind.ShortText),
            new TableColumn("relayed", ColumnKind.Boolean),
            new TableColumn("ice_restarts", ColumnKind.Integer),
            new TableColumn("quality", ColumnKind.Real),
            new TableColumn("quality_worst", ColumnKind.Real),
            new TableColumn("troubles", ColumnKind.Json),
            new TableColumn("media", ColumnKind.Json),
        ],
        ["ended"],
        ["room", "ended"],
        ["session"],
        ["opaque_id"])
    {
        PrimaryKey = ["emitter", "session", "handle", "number"],
    };

    /// <summary>The troubles, each a row from its beginning on, which its end completes.</summary>
    public static TableDefinition Troubles { get; } = new(
        "troubles",
        [
            new TableColumn("trouble", ColumnKind.Key),
            new TableColumn("code", ColumnKind.Key),
            new TableColumn("severity", ColumnKind.Key),
            new TableColumn("emitter", ColumnKind.Name),
            new TableColumn("session", ColumnKind.Integer),
            new TableColumn("handle", ColumnKind.Integer),
            new TableColumn("number", ColumnKind.Integer),
            new TableColumn("room", ColumnKind.Name),
            new TableColumn("participant", ColumnKind.Name),
            new TableColumn("display", ColumnKind.ShortText),
            new TableColumn("medium", ColumnKind.ShortText),
            new TableColumn("side", ColumnKind.Key),
            new TableColumn("began", ColumnKind.Time),
            new TableColumn("confirmed", ColumnKind.Time),
            new TableColumn("ended", ColumnKind.Time),
            new TableColumn("ended_by", ColumnKind.Key),
            new TableColumn("evidence", ColumnKind.Json),
            new TableColumn("mid", ColumnKind.ShortText),
            new TableColumn("plugin", ColumnKind.Name),
            new TableColumn("opaque_id", ColumnKind.Name),
            new TableColumn("count", ColumnKind.Integer),
            new TableColumn("numbers", ColumnKind.Json),
        ],
        ["began"],
        ["ended"],
        ["room", "began"],
        ["session"])
    {
        PrimaryKey = ["trouble"],
    };

    public static IReadOnlyList<TableDefinition> All { get; } = [PeerConnections, Troubles];

    /// <summary>The column by whose time the rows of one of these tables are in order, and are old.</summary>
    public static string TimeOf(TableDefinition table) => table == PeerConnections ? "ended" : "began";

    /// <summary>A value as its column holds it, cut here where it would be cut or refused there.</summary>
    public static object? Fit(TableColumn column, object? value) => (column.Kind, value) switch
    {
        (_, null) => column.Name == "emitter" ? "" : null,
        (ColumnKind.Name, string name) => column.Name == "emitter" ? FactTable.KeyName(name) : FactTable.Name(name),
        (ColumnKind.ShortText, string text) => FactTable.Cut(text),
        (ColumnKind.Key, string text) => FactTable.Cut(text, TableColumn.KeyLength),
        (ColumnKind.Real, double number) => double.IsFinite(number) ? number : null,
        (ColumnKind.Time, DateTimeOffset time) => Fit(time.UtcDateTime),
        _ => value,
    };

    // MariaDB cuts, MySQL rounds; and its years begin with 1000.
    private static DateTime Fit(DateTime time) => time.Year < FactTable.FirstYear
        ? new DateTime(FactTable.FirstYear, 1, 1, 0, 0, 0, DateTimeKind.Utc)
        : time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}

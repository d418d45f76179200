namespace JanusEvents.Relational.Tables;

/// <summary>The kind of a column's values. Each database has its own type for it.</summary>
internal enum ColumnKind
{
    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A floating-point number of 64 bits.</summary>
    Real,

    /// <summary>Text of up to <see cref="TableColumn.ShortTextLength"/> characters: names and states.</summary>
    ShortText,

    /// <summary>Text of up to 30 characters that a row is found by.</summary>
    Key,

    /// <summary>Text of up to <see cref="TableColumn.NameLength"/> characters that rows are found by.</summary>
    Name,

    /// <summary>Text of any length.</summary>
    LongText,

    /// <summary>JSON of any length, as text without white space between its tokens.</summary>
    Json,

    /// <summary>A time in UTC with microseconds.</summary>
    Time,

    /// <summary>A day in UTC, in tables that are partitioned by days.</summary>
    Day,

    /// <summary>A SHA-256 hash, 32 bytes.</summary>
    Hash,

    /// <summary>A GUID, 16 bytes.</summary>
    Guid,

    /// <summary>Bytes of any length.</summary>
    Bytes,
}

namespace JanusEvents.Events;

/// <summary>The form of an event's value.</summary>
internal enum ValueForm
{
    /// <summary>A name or a state: some ten characters, though nothing bounds them.</summary>
    Text,

    /// <summary>A text of any length.</summary>
    LongText,

    /// <summary>A 64-bit integer.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Any JSON.</summary>
    Json,
}

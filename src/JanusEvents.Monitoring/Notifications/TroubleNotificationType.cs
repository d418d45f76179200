namespace JanusEvents;

/// <summary>The kind of a notification.</summary>
public enum TroubleNotificationType
{
    /// <summary>A trouble began.</summary>
    Began,

    /// <summary>A trouble that was notified became more severe, or began again within a minute of its end.</summary>
    Changed,

    /// <summary>A trouble ended. It is the only notification of a trouble that ended before its begin was notified.</summary>
    Ended,

    /// <summary>Many troubles began, which are not notified one by one.</summary>
    Digest,

    /// <summary>Nothing happened: a test of the handler.</summary>
    Test,
}

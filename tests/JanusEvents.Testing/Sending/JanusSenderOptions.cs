namespace JanusEvents.Testing;

/// <summary>What can be set at Janus's HTTP event handler, with its defaults, and its fixed times.</summary>
public sealed record JanusSenderOptions
{
    /// <summary><c>backend_user</c>; null sends no credentials.</summary>
    public string? UserName { get; init; }

    /// <summary><c>backend_pwd</c>.</summary>
    public string? Password { get; init; }

    /// <summary>
    /// The Content-Type header. <c>application/gzip</c> is how Janus 0.8.0 to 0.11.3 sent gzip, without a Content-Encoding.
    /// </summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary><c>max_retransmissions</c>: how often a body is sent again after the first time.</summary>
    public int MaxRetransmissions { get; init; } = 5;

    /// <summary><c>retransmissions_backoff</c>: the pause before the first repetition; doubled before each further one.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one attempt may take in all; fixed in Janus.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bodies longer than this, in bytes, ask with <c>Expect: 100-continue</c> first; fixed in libcurl.</summary>
    public int ExpectAbove { get; init; } = 1024 * 1024;

    /// <summary>How long the <c>100 Continue</c> is waited for before the body is sent without it; fixed in libcurl.</summary>
    public TimeSpan ContinueWait { get; init; } = TimeSpan.FromSeconds(1);
}

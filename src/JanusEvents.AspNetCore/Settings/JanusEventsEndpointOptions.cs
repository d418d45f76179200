using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>
/// The credentials of an endpoint, and its limits. Give it to <c>MapJanusEvents</c> for one endpoint; endpoints without
/// options of their own follow the section <c>JanusEvents</c> of the configuration, and then what the host configured with
/// <c>services.Configure&lt;JanusEventsEndpointOptions&gt;</c>, changes while it runs included; only the last credentials cannot
/// be taken away while it runs.
/// </summary>
public sealed class JanusEventsEndpointOptions
{
    // Array.MaxLength, which is no constant. A body is read into one byte more than it announces.
    private const long MaxArray = 0x7FFFFFC7;

    /// <summary>
    /// The user name that Janus must send (<c>backend_user</c>), together with <see cref="Password"/>. Null or empty, the
    /// default, where there is none. Without a colon.
    /// </summary>
    public string? UserName { get; set; }

    /// <summary>The password that belongs to <see cref="UserName"/> (<c>backend_pwd</c>).</summary>
    public string? Password { get; set; }

    /// <summary>
    /// More pairs that are accepted, besides <see cref="UserName"/> and <see cref="Password"/>: one for each server, or the
    /// old and the new one while a password is being changed. With no pair at all everybody is let in.
    /// </summary>
    public IList<BasicCredentials> Credentials { get; } = [];

    /// <summary>
    /// Whether a GET at the endpoint's address shows what this host has received since it started, by all its endpoints: how
    /// many bodies and events, when the last, from which servers, what was refused, and the lines for Janus's configuration.
    /// True by default. With false a GET is answered 405, as every method but POST. It is read when the endpoint is mapped;
    /// later changes have no effect.
    /// </summary>
    /// <remarks>
    /// The page is shown to those with the endpoint's credentials; without credentials, to those whom the endpoint's
    /// authorization or the host's fallback policy lets in, and to callers on the host's own machine: from a loopback address,
    /// under the name <c>localhost</c>, <c>127.0.0.1</c> or <c>[::1]</c>, and without the headers of a proxy. All others get
    /// 403.
    /// </remarks>
    public bool StatusPage { get; set; } = true;

    /// <summary>
    /// The biggest body in bytes, 1 to 2,147,483,590, before decompression as well as after it; 67,108,864 (64 MiB) by
    /// default. A bigger one is answered 413, which loses its events: Janus takes every answer for a success.
    /// </summary>
    [Within(1, MaxArray - 1)]
    public long MaxBodyBytes { get; set; } = 64 << 20;

    /// <summary>
    /// How long a request may take from its start to its answer, more than zero and less than 10 s; 8 s by default. A body
    /// that is not stored by then is not answered at all: the connection is aborted, and Janus retransmits the body. After
    /// 10 s Janus would do so by itself.
    /// </summary>
    [WithinTime("0", "00:00:10", Exclusive = true, Because = ", after which Janus retransmits the body")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(8);
}

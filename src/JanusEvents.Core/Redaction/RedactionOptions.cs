using JanusEvents.Settings;

namespace JanusEvents;

/// <summary>
/// The kinds of secrets that are redacted in bodies before anything of them is stored, spooled, logged or given to a sink. All are
/// kept by default, since nothing else gives back what Janus sent.
/// </summary>
/// <remarks>
/// As soon as one kind is redacted, <c>rejected</c> records invalid elements and events that a database refuses by reason,
/// size and hash, without their bytes.
/// </remarks>
public sealed class RedactionOptions
{
    internal const int MinKeyLength = 16;

    /// <summary>
    /// Whether tokens become <c>***</c>: the <c>token</c> of <c>attached</c>, <c>detached</c> and VideoRoom's
    /// <c>joined</c>, and by its name that of any other event; also the credentials of Janus's requests
    /// (<c>apisecret</c>, <c>admin_secret</c>, <c>admin_key</c>, <c>secret</c>, <c>pin</c>), which scripts may pass on.
    /// False by default.
    /// </summary>
    public bool Tokens { get; set; }

    /// <summary>
    /// Whether ICE passwords become <c>***</c>: the lines <c>a=ice-pwd:</c> of every SDP, also of those in SIP messages,
    /// and properties named <c>ice-pwd</c>, <c>pwd</c> or <c>password</c>. False by default.
    /// </summary>
    public bool IcePasswords { get; set; }

    /// <summary>
    /// Whether the values of <c>Authorization</c> and <c>Proxy-Authorization</c> become <c>***</c>: in the SIP messages
    /// of <c>sip-in</c> and <c>sip-out</c>, and as properties. False by default.
    /// </summary>
    public bool SipAuthorization { get; set; }

    /// <summary>
    /// How IPv4 and IPv6 addresses and mDNS names are redacted, wherever they stand in an event; they are kept by default.
    /// Ports stay. The <c>emitter</c>, and the address that a body came from, which is that of a Janus server, are never
    /// changed.
    /// </summary>
    public AddressRedaction Addresses { get; set; }

    /// <summary>
    /// The key for <see cref="AddressRedaction.Hash"/>, at least 16 characters, kept as secret as a password: who has it
    /// can find the addresses out. The same key gives the same hashes, on every host and after every restart.
    /// </summary>
    public string? AddressKey { get; set; }

    /// <summary>Where the options lie in <c>JanusEventsOptions</c>.</summary>
    internal const string Key = "Redaction";

    internal bool KeepAll =>
        !Tokens && !IcePasswords && !SipAuthorization && Addresses == AddressRedaction.Keep;

    /// <summary>The faults of the options, with marked keys.</summary>
    internal IEnumerable<string> Failures()
    {
        string addresses = SettingKey.Of($"{Key}:{nameof(Addresses)}");
        if (!Enum.IsDefined(Addresses))
            yield return $"{addresses} is {(int)Addresses}; it must be {nameof(AddressRedaction.Keep)}, {nameof(AddressRedaction.Mask)} or {nameof(AddressRedaction.Hash)}.";

        // The value is not quoted: it is a secret.
        if (Addresses == AddressRedaction.Hash && (AddressKey?.Length ?? 0) < MinKeyLength)
        {
            string has = string.IsNullOrEmpty(AddressKey) ? "is not set" : $"has {AddressKey.Length} characters";
            yield return $"{SettingKey.Of($"{Key}:{nameof(AddressKey)}")} {has}, and {nameof(Addresses)} is {nameof(AddressRedaction.Hash)}; set it to a secret of at least "
                + $"{MinKeyLength} characters (openssl rand -base64 32 makes one), or set {nameof(Addresses)} to {nameof(AddressRedaction.Mask)}.";
        }
    }
}

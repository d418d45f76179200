namespace JanusEvents;

/// <summary>Settings of one webhook.</summary>
public sealed class TroubleWebhookOptions : TroubleHandlerOptions
{
    internal const string SecretPrefix = "whsec_";
    internal const int MinSecretBytes = 24;
    internal const int MaxSecretBytes = 64;

    /// <summary>The address that notifications are posted to: absolute, <c>https</c> or <c>http</c>.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// The secret that bodies are signed with: <c>whsec_</c> and the base 64 form of 24 to 64 random bytes. Required by the formats
    /// <see cref="TroubleWebhookFormat.StandardWebhooks"/> and <see cref="TroubleWebhookFormat.CloudEvents"/>; the others are signed
    /// when it is set.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>
    /// A second secret of the same form; each body then has a signature by both. Set it to the former secret while receivers
    /// change to a new one.
    /// </summary>
    public string? PreviousSecret { get; set; }

    /// <summary>The format; <see cref="TroubleWebhookFormat.StandardWebhooks"/> by default.</summary>
    public TroubleWebhookFormat Format { get; set; }

    /// <summary>
    /// Makes the body in place of <see cref="Format"/>; returns null for a notification that is not sent. Called for each attempt.
    /// </summary>
    public Func<TroubleNotification, HttpContent?>? Content { get; set; }

    /// <summary>The faults of the settings, as <c>Key is …; it must be …</c>; secrets are not quoted.</summary>
    /// <param name="key">Writes the key of a property.</param>
    internal IEnumerable<string> Failures(Func<string, string> key)
    {
        if (!Uri.TryCreate(Url, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
        {
            // The path of a chat's webhook is a secret.
            string has = string.IsNullOrEmpty(Url) ? "is not set" : $"is \"{BeginningOf(Url)}\"";
            yield return $"{key(nameof(Url))} {has}; it must be an absolute address with https or http, such as https://ops.example.com/janus.";
        }

        if (MinSeverity is not (TroubleSeverity.Warning or TroubleSeverity.Error or TroubleSeverity.Critical))
            yield return $"{key(nameof(MinSeverity))} is {MinSeverity}; it must be Warning, Error or Critical.";
        if (!Enum.IsDefined(Format))
            yield return $"{key(nameof(Format))} is {(int)Format}; it must be {string.Join(", ", Enum.GetNames<TroubleWebhookFormat>()[..^1])} or {Enum.GetNames<TroubleWebhookFormat>()[^1]}.";

        bool needed = Content is null && Format is TroubleWebhookFormat.StandardWebhooks or TroubleWebhookFormat.CloudEvents;
        foreach ((string name, string? secret, bool required) in new[] { (nameof(Secret), Secret, needed), (nameof(PreviousSecret), PreviousSecret, false) })
        {
            if (string.IsNullOrEmpty(secret) ? required : BytesOf(secret) is null)
            {
                string has = string.IsNullOrEmpty(secret) ? $"is not set, and {nameof(Format)} is {Format}" : "is of another form";
                yield return $"{key(name)} {has}; it must be {SecretPrefix} and the base 64 form of {MinSecretBytes} to {MaxSecretBytes} random bytes: "
                    + $"echo \"{SecretPrefix}$(openssl rand -base64 32)\" makes one.";
            }
        }
    }

    /// <summary>The bytes of a secret; null when it is of another form.</summary>
    internal static byte[]? BytesOf(string secret)
    {
        Span<byte> bytes = stackalloc byte[MaxSecretBytes];
        return secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out int length) && length >= MinSecretBytes
            ? bytes[..length].ToArray()
            : null;
    }

    private static string BeginningOf(string url)
    {
        int scheme = url.IndexOf("://", StringComparison.Ordinal);
        int path = url.IndexOf('/', scheme < 0 ? 0 : scheme + 3);
        int user = path < 0 ? url.IndexOf('@', StringComparison.Ordinal) : url.IndexOf('@', 0, path);
        return user >= 0 ? "…" : path < 0 ? url : url[..path] + "/…";
    }
}

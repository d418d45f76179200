using System.Text.RegularExpressions;

namespace JanusEvents.Redaction;

/// <summary>Redacts texts, and knows the names of properties to redact.</summary>
internal sealed partial class SecretText
{
    /// <summary>Replaces a redacted value.</summary>
    public const string Removed = "***";

    private static readonly string[] s_tokens =
        ["token", "accesstoken", "authtoken", "idtoken", "refreshtoken", "apisecret", "adminsecret", "adminkey", "secret", "pin"];

    private static readonly string[] s_icePasswords = ["icepwd", "icepassword", "pwd", "password"];
    private static readonly string[] s_authorizations = ["authorization", "proxyauthorization"];

    private readonly bool _tokens;
    private readonly bool _icePasswords;
    private readonly bool _authorization;
    private readonly AddressText? _addresses;
    private readonly string[] _names;
    private readonly int _longestName;

    public SecretText(RedactionOptions options)
    {
        _tokens = options.Tokens;
        _icePasswords = options.IcePasswords;
        _authorization = options.SipAuthorization;
        _addresses = options.Addresses switch
        {
            AddressRedaction.Keep => null,
            AddressRedaction.Mask => new AddressText(key: null),
            _ => new AddressText(System.Text.Encoding.UTF8.GetBytes(options.AddressKey!)),
        };
        _names =
        [
            .. _tokens ? s_tokens : [],
            .. _icePasswords ? s_icePasswords : [],
            .. _authorization ? s_authorizations : [],
        ];

        // Signs between the words do not count.
        _longestName = 2 * _names.Select(name => name.Length).DefaultIfEmpty(0).Max();
    }

    /// <summary>Whether a property's value is a secret, whatever it is.</summary>
    public bool IsSecret(ReadOnlySpan<char> name)
    {
        if (name.Length > _longestName)
            return false;

        Span<char> letters = stackalloc char[name.Length];
        int length = 0;
        foreach (char c in name)
        {
            if (c is not ('-' or '_'))
                letters[length++] = char.ToLowerInvariant(c);
        }

        foreach (string secret in _names)
        {
            if (letters[..length].SequenceEqual(secret))
                return true;
        }

        return false;
    }

    /// <summary>The text without secrets; an equal one where it has none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepAddresses">Whether addresses stay all the same.</param>
    public string Clean(string text, bool keepAddresses)
    {
        if (_tokens)
            text = Tokens().Replace(text, "$1" + Removed);
        if (_icePasswords)
            text = IcePasswords().Replace(text, "$1" + Removed);
        if (_authorization)
            text = Authorization().Replace(text, "$1 " + Removed);
        return _addresses is null || keepAddresses ? text : _addresses.Replace(text);
    }

    // Text that is not JSON (any more) but has a token by name: a query of a URL, a line of a log, JSON that was cut.
    [GeneratedRegex(
        """((?<![a-z0-9])(?:token|api_?secret|admin_secret|admin_key)\\*["']?[ \t]*[:=][ \t]*\\*)(?:"[^"\\]*|'[^'\\]*|[^\s"'\\&,;{}\[\]]+)""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    // Up to the end of the line, written as such or escaped.
    [GeneratedRegex(
        """(ice-pwd\\*["']?[ \t]*[:=][ \t]*\\*["']?)(?:(?!\\[rnu])[^\s"'])+""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex IcePasswords();

    // A header goes on in the lines that begin with white space.
    [GeneratedRegex(
        """(?<![\w-])((?:Proxy-)?Authorization\\*["']?[ \t]*[:=])[^\r\n]*(?:(?:\r\n|\r|\n)[ \t]+[^\r\n]*)*""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Authorization();
}

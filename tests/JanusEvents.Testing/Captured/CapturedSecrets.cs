using System.Buffers;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace JanusEvents.Testing;

/// <summary>
/// The secrets in bodies, found by a reading of its own: by patterns in the text as it was sent, so that the library is
/// not measured by itself.
/// </summary>
public static partial class CapturedSecrets
{
    /// <summary>The secrets in the bodies, each once; addresses in the form in which they stand there.</summary>
    public static IReadOnlyList<string> In(IEnumerable<byte[]> bodies)
    {
        HashSet<string> secrets = [];
        foreach (var body in bodies)
        {
            var text = Encoding.UTF8.GetString(body);
            foreach (var pattern in (Regex[])[Token(), IcePassword(), Authorization(), IPv4(), MdnsName()])
                secrets.UnionWith(Matches(pattern, text));

            // Times and fingerprints have colons too.
            secrets.UnionWith(Matches(HexAndColons(), text).Where(candidate => IPAddress.TryParse(candidate, out _)));
        }

        // Nobody's address.
        secrets.ExceptWith(["0.0.0.0", "::"]);
        return [.. secrets];
    }

    /// <summary>The secrets that a text has.</summary>
    public static IEnumerable<string> Left(IReadOnlyList<string> secrets, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var any = SearchValues.Create([.. secrets], StringComparison.Ordinal);
        return text.AsSpan().ContainsAny(any) ? secrets.Where(secret => text.Contains(secret, StringComparison.Ordinal)) : [];
    }

    /// <summary>The secrets that a file has.</summary>
    public static IEnumerable<string> LeftInFile(IReadOnlyList<string> secrets, string path) =>
        Left([.. secrets.Select(secret => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(secret)))], Encoding.Latin1.GetString(File.ReadAllBytes(path)));

    private static IEnumerable<string> Matches(Regex pattern, string text) =>
        pattern.Matches(text).Select(m => m.Groups["secret"].Value);

    [GeneratedRegex("\"token\"\\s*:\\s*\"(?<secret>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex("ice-pwd:(?<secret>[A-Za-z0-9+/]+)", RegexOptions.ExplicitCapture)]
    private static partial Regex IcePassword();

    [GeneratedRegex("response=\\\\\"(?<secret>\\w+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Authorization();

    [GeneratedRegex(@"(?<![\d.])(?<secret>\d{1,3}(\.\d{1,3}){3})(?![\d.]*\d)", RegexOptions.ExplicitCapture)]
    private static partial Regex IPv4();

    [GeneratedRegex(@"(?<![\w:])(?<secret>[0-9a-f:]{2,}:[0-9a-f:.]{1,}\w)(?![\w:])", RegexOptions.ExplicitCapture)]
    private static partial Regex HexAndColons();

    [GeneratedRegex(@"(?<![\w-])(?<secret>[\w-]{1,100}\.local)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex MdnsName();
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace JanusEvents.Redaction;

/// <summary>Finds addresses in a text, and masks or hashes them. Ports and everything else stay.</summary>
/// <param name="key">The key to hash with; null to mask.</param>
internal sealed class AddressText(byte[]? key)
{
    // The longest text of an IPv6 address is 45 characters; a word and a port may stick to it.
    private const int LongestRun = 64;
    private const string Local = ".local";

    // Of a name in DNS.
    private const int LongestName = 255;

    private static readonly SearchValues<char> s_separators = SearchValues.Create(".:");
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789");
    private static readonly SearchValues<char> s_addressCharacters = SearchValues.Create("0123456789abcdefABCDEF.:");

    /// <summary>The text without its addresses; the same text where it has none.</summary>
    public string Replace(string text) => ReplaceNumbers(ReplaceNames(text));

    private string ReplaceNames(string text)
    {
        StringBuilder? result = null;
        int copied = 0;
        for (int at = 0; (at = text.IndexOf(Local, at, StringComparison.OrdinalIgnoreCase)) >= 0;)
        {
            int start = at;
            int end = at + Local.Length;
            while (start > copied && end - start < LongestName && IsOfName(text[start - 1]))
                start--;
            while (start < at && text[start] == '.')
                start++;
            at = end;
            bool ends = end == text.Length
                || (text[end] == '.' ? end + 1 == text.Length || !IsOfName(text[end + 1]) : !IsOfName(text[end]));
            if (start + Local.Length == end || !ends)
                continue;

            string name = text[start..end];
            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, start - copied)
                .Append(key is null ? "***.local" : Hash(Encoding.UTF8.GetBytes(name.ToLowerInvariant())));
            copied = end;
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    private string ReplaceNumbers(string text)
    {
        StringBuilder? result = null;
        int copied = 0;
        for (int at = 0; text.AsSpan(at).IndexOfAny(s_separators) is >= 0 and int next;)
        {
            int start = at + next;
            while (start > at && s_addressCharacters.Contains(text[start - 1]))
                start--;
            int length = text.AsSpan(start).IndexOfAnyExcept(s_addressCharacters);
            int end = length < 0 ? text.Length : start + length;
            at = end;
            if (TryIPv6(text, start, end, out int first, out int after, out IPAddress? address))
            {
                if (!address.Equals(IPAddress.IPv6Any))
                    Put(first, after, Replacement(address));
            }
            else
            {
                while (TryIPv4(text, start, end, out first, out after))
                {
                    if (IPAddress.Parse(Decimal(text.AsSpan(first, after - first))) is { } found && !found.Equals(IPAddress.Any))
                        Put(first, after, Replacement(found));
                    start = after;
                }
            }
        }

        return result is null ? text : result.Append(text, copied, text.Length - copied).ToString();

        void Put(int first, int after, string replacement)
        {
            result ??= new StringBuilder(text.Length);
            result.Append(text, copied, first - copied).Append(replacement);
            copied = after;
        }
    }

    /// <summary>
    /// Looks for an IPv6 address in a run of its characters. A word beside it may have lent it letters, and a port may
    /// follow: in <c>selected-pair</c> without brackets, where only the text after it distinguishes the two.
    /// </summary>
    private static bool TryIPv6(string text, int start, int end, out int first, out int after, [NotNullWhen(true)] out IPAddress? address)
    {
        (first, after, address) = (start, end, null);
        if (end - start > LongestRun || text.AsSpan(start, end - start).Count(':') < 2)
            return false;

        if (start > 0 && char.IsLetterOrDigit(text[start - 1]))
            first = WithoutFirstGroup(text, start, end);
        if (end < text.Length && char.IsLetterOrDigit(text[end]))
            after = WithoutLastGroup(text, first, end);
        while (after > first && text[after - 1] == '.')
            after--;
        if (after - first > 1 && text[after - 1] == ':' && text[after - 2] != ':')
            after--;
        if (after - first > 1 && text[first] == ':' && text[first + 1] != ':')
            first++;

        ReadOnlySpan<char> run = text.AsSpan(first, after - first);
        int colon = first + Math.Max(0, run.LastIndexOf(':'));
        bool mayHavePort = colon + 1 < after && !text.AsSpan(colon + 1, after - colon - 1).ContainsAnyExcept(s_digits);
        bool hasPort = mayHavePort && after == end && text.AsSpan(end).StartsWith(" [", StringComparison.Ordinal);
        ReadOnlySpan<(int First, int After)> candidates =
        [
            hasPort ? (first, colon) : (first, after),
            mayHavePort ? (first, colon) : (first, after),
            (WithoutFirstGroup(text, first, after), after),
            (start, end),
        ];
        foreach ((int from, int to) in candidates)
        {
            if (to > from && IsIPv6(text.AsSpan(from, to - from), out address))
            {
                (first, after) = (from, to);
                return true;
            }
        }

        return false;
    }

    private static int WithoutFirstGroup(string text, int first, int after)
    {
        int colon = after > first ? text.IndexOf(':', first, after - first) : -1;
        if (colon < 0)
            return after;
        return colon + 1 < after && text[colon + 1] == ':' ? colon : colon + 1;
    }

    private static int WithoutLastGroup(string text, int first, int after)
    {
        int colon = after > first ? text.LastIndexOf(':', after - 1, after - first) : -1;
        if (colon < 0)
            return first;
        return colon > first && text[colon - 1] == ':' ? colon + 1 : colon;
    }

    private static bool IsIPv6(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address) =>
        IPAddress.TryParse(text, out address) && address.AddressFamily == AddressFamily.InterNetworkV6;

    /// <summary>Looks for the next four numbers of at most 255 with points between them.</summary>
    private static bool TryIPv4(string text, int start, int end, out int first, out int after)
    {
        (first, after) = (start, start);
        int parts = 0;
        for (int i = start; i < end;)
        {
            int length = text.AsSpan(i, end - i).IndexOfAnyExcept(s_digits);
            int next = length < 0 ? end : i + length;
            int digits = next - i;
            if (digits is > 0 and <= 3 && int.Parse(text.AsSpan(i, digits), CultureInfo.InvariantCulture) <= 255)
            {
                parts++;
                if (parts == 1)
                    first = i;
                if (parts == 4)
                {
                    after = next;
                    return true;
                }
            }
            else
            {
                parts = 0;
            }

            if (next >= end || text[next] != '.')
                parts = 0;
            i = next + 1;
        }

        return false;
    }

    // Leading zeros would mean octal numbers to the parser.
    private static string Decimal(ReadOnlySpan<char> text)
    {
        StringBuilder plain = new(15);
        foreach (Range part in text.Split('.'))
        {
            ReadOnlySpan<char> number = text[part].TrimStart('0');
            plain.Append(plain.Length > 0 ? "." : "").Append(number.IsEmpty ? "0" : number);
        }

        return plain.ToString();
    }

    private string Replacement(IPAddress address)
    {
        if (key is not null)
            return Hash((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes());

        byte[] bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
            bytes[^1] = 0;
        else
            Array.Clear(bytes, bytes is [0x20, 0x02, ..] ? 5 : 6, bytes is [0x20, 0x02, ..] ? 11 : 10);
        return new IPAddress(bytes).ToString();
    }

    private string Hash(byte[] address) =>
        $"addr-{Convert.ToHexStringLower(HMACSHA256.HashData(key!, address).AsSpan(0, 8))}";

    private static bool IsOfName(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.';
}

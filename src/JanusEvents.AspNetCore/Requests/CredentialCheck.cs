using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace JanusEvents.AspNetCore.Requests;

/// <summary>
/// Compares the Basic credentials of a request with the accepted ones. Hashes are compared, of which all have the
/// same length, and always all of them, so that the time reveals nothing about how much was right, or which pair it was.
/// </summary>
internal sealed class CredentialCheck(IEnumerable<(string UserName, string Password)> pairs) : IEquatable<CredentialCheck>
{
    /// <summary>The challenge in the answer to a refused request (RFC 7617).</summary>
    public const string Challenge = "Basic realm=\"janus\", charset=\"UTF-8\"";

    private readonly byte[][] _hashes =
        [.. pairs.Select(pair => SHA256.HashData(Encoding.UTF8.GetBytes($"{pair.UserName}:{pair.Password}")))];

    /// <summary>How many pairs are let in; with none, everybody is.</summary>
    public int Count => _hashes.Length;

    /// <summary>Decides on the value of a request's <c>Authorization</c> header.</summary>
    public bool Accepts(StringValues authorization)
    {
        if (_hashes.Length == 0)
            return true;

        if (Sent(authorization) is not { } sent)
            return false;

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(sent, hash);
        bool accepted = false;
        foreach (byte[] known in _hashes)
            accepted |= CryptographicOperations.FixedTimeEquals(known, hash);
        return accepted;
    }

    /// <summary>The user name that a request sends, whether or not it is let in; null without one.</summary>
    public static string? UserName(StringValues authorization) =>
        Sent(authorization) is { } sent && sent.AsSpan().IndexOf((byte)':') is >= 0 and int colon
            ? Encoding.UTF8.GetString(sent, 0, colon)
            : null;

    /// <summary>Equal when both let in the same pairs.</summary>
    public bool Equals(CredentialCheck? other) =>
        other is not null && _hashes.Select(Convert.ToHexString).SequenceEqual(other._hashes.Select(Convert.ToHexString), StringComparer.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as CredentialCheck);

    public override int GetHashCode() => _hashes.Length;

    /// <summary>The bytes of <c>name:password</c>; null where the header has none.</summary>
    private static byte[]? Sent(StringValues authorization)
    {
        if (authorization.Count != 1
            || !AuthenticationHeaderValue.TryParse(authorization, out AuthenticationHeaderValue? header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } parameter)
        {
            return null;
        }

        byte[] sent = new byte[parameter.Length];
        return Convert.TryFromBase64String(parameter, sent, out int length) ? sent[..length] : null;
    }
}

using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication;

namespace JanusEvents.EmbeddedHost;

/// <summary>The key that callers of the API must show.</summary>
internal sealed class ApiKeyOptions : AuthenticationSchemeOptions
{
    public string Key { get; set; } = "";

    // Hashes have one length, so that the time reveals nothing about the key.
    public bool IsKey(string sent) => CryptographicOperations.FixedTimeEquals(Hash(sent), Hash(Key));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

using System.IO.Compression;

namespace JanusEvents.Testing;

/// <summary>The body of one POST (or one WebSocket message) as a real Janus sent it.</summary>
/// <param name="Capture">The name of the capture.</param>
/// <param name="FileName">The name of its file in the capture, such as <c>post-0001.json</c>.</param>
/// <param name="Bytes">Exactly the bytes received.</param>
public sealed record CapturedBody(string Capture, string FileName, byte[] Bytes)
{
    private byte[]? _json;

    /// <summary>Whether the bytes are gzip, as Janus sends with <c>compress = true</c>.</summary>
    public bool IsGzip => Bytes is [0x1f, 0x8b, ..];

    /// <summary>The JSON text in UTF-8: the bytes, decompressed if they are gzip.</summary>
    public byte[] Json => _json ??= IsGzip ? Decompress(Bytes) : Bytes;

    /// <inheritdoc/>
    public override string ToString() => $"{Capture}/{FileName}";

    private static byte[] Decompress(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var json = new MemoryStream();
        gzip.CopyTo(json);
        return json.ToArray();
    }
}

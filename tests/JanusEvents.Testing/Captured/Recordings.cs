using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace JanusEvents.Testing;

/// <summary>
/// All recorded event streams with their times of arrival: the captures, and those of calls in trouble and of brokers, in
/// tests/data/troubles.
/// </summary>
public static class Recordings
{
    private static readonly string s_troubles = Repository.PathOf("tests", "data", "troubles");

    /// <summary>The names without <c>.zip</c>, sorted.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Captures.Names.Concat(Directory.GetFiles(s_troubles, "*.zip").Select(f => Path.GetFileNameWithoutExtension(f)!)).Order(StringComparer.Ordinal)];

    /// <summary>What the file says of each recording, by its name.</summary>
    /// <param name="file"><c>expected.json</c> or <c>records.json</c>.</param>
    public static IReadOnlyDictionary<string, JsonElement> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(s_troubles, file)));
        return document.RootElement.GetProperty("recordings").EnumerateArray()
            .ToDictionary(r => r.GetProperty("recording").GetString()!, r => r.Clone(), StringComparer.Ordinal);
    }

    /// <summary>The bodies in the order of their arrival, in JSON, with when they arrived and from where, as far as that was recorded.</summary>
    public static IReadOnlyList<RecordedBody> Bodies(string name)
    {
        var path = Path.Combine(s_troubles, name + ".zip");
        if (!File.Exists(path))
            path = Repository.PathOf("tests", "data", "captures", name + ".zip");
        using var zip = ZipFile.OpenRead(path);
        var arrivals = Arrivals(zip);
        return
        [
            .. zip.Entries.Where(e => e.Name.StartsWith("post-", StringComparison.Ordinal) || e.Name.StartsWith("msg-", StringComparison.Ordinal))
                .OrderBy(e => e.Name, StringComparer.Ordinal)
                .Select(e =>
                {
                    var body = new CapturedBody(name, e.Name, Bytes(e));
                    arrivals.TryGetValue(e.Name.Replace(".gz", string.Empty, StringComparison.Ordinal), out var arrival);
                    return new RecordedBody(body.Json, arrival.At, arrival.Address);
                }),
        ];
    }

    private static Dictionary<string, (DateTimeOffset? At, string? Address)> Arrivals(ZipArchive zip)
    {
        Dictionary<string, (DateTimeOffset? At, string? Address)> arrivals = new(StringComparer.Ordinal);
        if (zip.GetEntry("headers.json") is not { } entry)
            return arrivals;
        using var headers = JsonDocument.Parse(Bytes(entry));
        foreach (var header in headers.RootElement.EnumerateArray())
        {
            if (!header.TryGetProperty("file", out var file))
                continue;
            DateTimeOffset? at = header.TryGetProperty("arrived_epoch_us", out var us) ? DateTimeOffset.UnixEpoch.AddTicks(us.GetInt64() * 10)
                : header.TryGetProperty("arrived", out var text) ? DateTimeOffset.Parse(text.GetString()!, CultureInfo.InvariantCulture)
                : null;
            arrivals[file.GetString()!.Replace(".gz", string.Empty, StringComparison.Ordinal)] =
                (at, header.TryGetProperty("remote_address", out var address) ? address.GetString() : null);
        }

        return arrivals;
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}

/// <summary>A recorded body.</summary>
/// <param name="Json">It, decompressed.</param>
/// <param name="ArrivedAt">When it arrived, where that was recorded.</param>
/// <param name="RemoteAddress">From where, where that was recorded.</param>
public sealed record RecordedBody(byte[] Json, DateTimeOffset? ArrivedAt, string? RemoteAddress);

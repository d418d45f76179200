using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace JanusEvents.Dashboard.Assets;

/// <summary>
/// The files of the page, as they were compiled in (the modules joined into one): each as it is, and compressed. Their addresses have a hash of all of them, so that a
/// browser keeps them for good and never mixes those of two versions.
/// </summary>
internal sealed class PageAssets
{
    private const string Document = "index.html";

    private readonly FrozenDictionary<string, Asset> _files;
    private readonly string _document;

    private PageAssets(Dictionary<string, byte[]> files)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string name, byte[] content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(content);
        }

        Hash = Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
        _document = Encoding.UTF8.GetString(files[Document]);
        _files = files.Where(file => file.Key != Document).ToFrozenDictionary(file => file.Key, file => new Asset(TypeOf(file.Key), file.Value, Compressed(file.Value)), StringComparer.Ordinal);
    }

    /// <summary>The files of this version.</summary>
    public static PageAssets All { get; } = Load();

    /// <summary>Stands in the address of each file.</summary>
    public string Hash { get; }

    /// <summary>The names of the files, without the document.</summary>
    public IEnumerable<string> Names => _files.Keys;

    public Asset? Find(string name) => _files.GetValueOrDefault(name);

    /// <summary>The document, with what the host sets.</summary>
    public string DocumentFor(JanusDashboardOptions options) => _document
        .Replace("{{assets}}", $"a/{Hash}/", StringComparison.Ordinal)
        .Replace("{{zone}}", options.TimeZone == DashboardTimeZone.Utc ? "utc" : "local", StringComparison.Ordinal)
        .Replace("{{title}}", HtmlEncoder.Default.Encode(options.Title), StringComparison.Ordinal);

    public static byte[] Compressed(byte[] content)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(content);
        return compressed.ToArray();
    }

    private static PageAssets Load()
    {
        Assembly assembly = typeof(PageAssets).Assembly;
        Dictionary<string, byte[]> files = new(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames())
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            files.Add(name, content);
        }

        return new PageAssets(PageModules.Join(files));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    };
}

/// <summary>A file of the page.</summary>
internal sealed record Asset(string ContentType, byte[] Content, byte[] Compressed);

using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using JanusEvents.Tool.Failures;

namespace JanusEvents.Tool.EventFiles;

/// <summary>A file of events, whatever its form: lines, bodies, either compressed by gzip, or the zip of a recording.</summary>
/// <param name="path">Its path, or <see cref="StandardInput"/>.</param>
internal sealed class EventFile(string path)
{
    /// <summary>The path that means standard input.</summary>
    public const string StandardInput = "-";

    private Func<double?> _partRead = () => null;

    /// <summary>How messages name it.</summary>
    public string Name => path == StandardInput ? "standard input" : path;

    /// <summary>How much of it is read, from 0 to 1; null where its length is unknown.</summary>
    public double? PartRead => _partRead();

    /// <summary>Reads its elements in their order. Memory does not grow with the file.</summary>
    /// <exception cref="CommandException">It is no file of events.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async IAsyncEnumerable<FileElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream file = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        PipeReader reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        ReadResult beginning = await reader.ReadAtLeastAsync(2, cancellationToken);
        byte[] signature = beginning.Buffer.Slice(0, Math.Min(2, beginning.Buffer.Length)).ToArray();
        reader.AdvanceTo(beginning.Buffer.Start);
        if (signature is [(byte)'P', (byte)'K'] && path != StandardInput)
        {
            await foreach (FileElement element in ReadZipAsync(cancellationToken))
                yield return element;
            yield break;
        }

        if (file is { CanSeek: true, Length: > 0 and var length })
            _partRead = () => (double)file.Position / length;
        await using Stream content = reader.AsStream(leaveOpen: true);
        await using Stream json = signature is [0x1F, 0x8B] ? new GZipStream(content, CompressionMode.Decompress) : content;
        await foreach (FileElement element in new EventFileReader(json).ReadAsync(cancellationToken))
            yield return element;
        _partRead = () => 1;
    }

    /// <summary>Reads the bodies of a recording: post-0001.json, msg-0001.json, or the same compressed by gzip.</summary>
    private async IAsyncEnumerable<FileElement> ReadZipAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipFile.OpenReadAsync(path, cancellationToken);
        List<ZipArchiveEntry> bodies = [.. zip.Entries.Where(e => IsBody(e.Name)).OrderBy(e => e.FullName, StringComparer.Ordinal)];
        if (bodies.Count == 0)
            throw new CommandException($"{path} has no recorded bodies (post-0001.json … or msg-0001.json …).");

        int read = 0;
        _partRead = () => (double)read / bodies.Count;
        foreach (ZipArchiveEntry entry in bodies)
        {
            await using Stream stored = await entry.OpenAsync(cancellationToken);
            await using Stream body = entry.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
            yield return await ReadBodyAsync(body, cancellationToken) is { } json
                ? new FileElement(1, FileElementKind.Body, json) { Entry = entry.FullName }
                : new FileElement(1, FileElementKind.Invalid, [], EventFileReader.TooLong) { Entry = entry.FullName };
            read++;
        }
    }

    /// <summary>Reads a body to its end; null where it is too long.</summary>
    private static async Task<byte[]?> ReadBodyAsync(Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream json = new();
        byte[] chunk = new byte[64 * 1024];
        int read;
        while (json.Length <= EventFileReader.MaxElementBytes && (read = await body.ReadAsync(chunk, cancellationToken)) > 0)
            json.Write(chunk.AsSpan(0, read));
        return json.Length <= EventFileReader.MaxElementBytes ? json.ToArray() : null;
    }

    private static bool IsBody(string name) =>
        (name.StartsWith("post-", StringComparison.Ordinal) || name.StartsWith("msg-", StringComparison.Ordinal))
        && (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".json.gz", StringComparison.Ordinal));
}

using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace JanusEvents.SampleHost.Commands;

/// <summary>A file of events, whatever its form: lines, bodies, either by gzip, or a recording's zip.</summary>
internal static class RecordedFile
{
    /// <summary>The name of the standard input.</summary>
    public const string StandardInput = "-";

    /// <summary>Reads the pieces of a file.</summary>
    /// <exception cref="CommandException">It is no file of events.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static async IAsyncEnumerable<RecordedPiece> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream file = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
        PipeReader reader = PipeReader.Create(file, new StreamPipeReaderOptions(leaveOpen: true));
        ReadResult beginning = await reader.ReadAtLeastAsync(2, cancellationToken);
        (bool isGzip, bool isZip) = Form([.. System.Buffers.BuffersExtensions.ToArray(beginning.Buffer.Slice(0, Math.Min(2, beginning.Buffer.Length)))]);
        reader.AdvanceTo(beginning.Buffer.Start);
        if (isZip && path != StandardInput)
        {
            await foreach (RecordedPiece piece in ReadZipAsync(path, cancellationToken))
                yield return piece;
            yield break;
        }

        await using Stream whole = reader.AsStream(leaveOpen: true);
        await using Stream lines = isGzip ? new GZipStream(whole, CompressionMode.Decompress) : whole;
        await foreach (RecordedPiece piece in new RecordedPieces(lines).ReadAsync(cancellationToken))
            yield return piece;
    }

    private static (bool IsGzip, bool IsZip) Form(byte[] beginning) =>
        (beginning is [0x1F, 0x8B], beginning is [(byte)'P', (byte)'K']);

    /// <summary>Reads the bodies of a recording: post-0001.json, msg-0001.json, or the same by gzip.</summary>
    private static async IAsyncEnumerable<RecordedPiece> ReadZipAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using ZipArchive zip = await ZipFile.OpenReadAsync(path, cancellationToken);
        List<ZipArchiveEntry> bodies = [.. zip.Entries.Where(e => IsBody(e.Name)).OrderBy(e => e.FullName, StringComparer.Ordinal)];
        if (bodies.Count == 0)
            throw new CommandException($"{path} has no recorded bodies (post-0001.json … or msg-0001.json …).");

        foreach (ZipArchiveEntry entry in bodies)
        {
            await using Stream stored = await entry.OpenAsync(cancellationToken);
            await using Stream body = entry.Name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stored, CompressionMode.Decompress) : stored;
            using MemoryStream json = new();
            byte[] chunk = new byte[64 * 1024];
            int read;
            while (json.Length <= RecordedPieces.MaxPieceBytes && (read = await body.ReadAsync(chunk, cancellationToken)) > 0)
                json.Write(chunk.AsSpan(0, read));
            yield return json.Length <= RecordedPieces.MaxPieceBytes
                ? new RecordedPiece(1, RecordedPieceKind.Body, json.ToArray()) { Entry = entry.FullName }
                : new RecordedPiece(1, RecordedPieceKind.Broken, [], $"It is longer than {RecordedPieces.MaxPieceBytes >> 20} MiB.") { Entry = entry.FullName };
        }
    }

    private static bool IsBody(string name) =>
        (name.StartsWith("post-", StringComparison.Ordinal) || name.StartsWith("msg-", StringComparison.Ordinal))
        && (name.EndsWith(".json", StringComparison.Ordinal) || name.EndsWith(".json.gz", StringComparison.Ordinal));
}

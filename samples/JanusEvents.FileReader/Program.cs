using JanusEvents;
using JanusEvents.FileReader;

// Bodies that a Janus once sent, one in a file, go through the parser into a sink: no web, no database, no host.
if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("usage: JanusEvents.FileReader PATH…   (files of one body each, or folders of *.json)");
    return 2;
}

JanusEventParser parser = new();
HandleReport report = new(Console.Out);
using CancellationTokenSource end = new();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    end.Cancel();
};

try
{
    foreach (string file in args.SelectMany(Files))
    {
        byte[] json = await File.ReadAllBytesAsync(file, end.Token);
        ReceivedBody body = new(json, parser.Parse(json), File.GetLastWriteTimeUtc(file), remoteAddress: null);
        foreach (RejectedElement element in body.Rejected)
            await Console.Error.WriteLineAsync($"{file}: {element.Bytes.Length} bytes at {element.Offset} are not an event: {element.Reason}");
        await report.WriteAsync(new EventBatch([body]), end.Token);
    }
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}

report.Print();
return 0;

// Names sort as Janus sent them where they are numbered.
static IEnumerable<string> Files(string path) =>
    Directory.Exists(path) ? Directory.EnumerateFiles(path, "*.json").Order(StringComparer.Ordinal) : [path];

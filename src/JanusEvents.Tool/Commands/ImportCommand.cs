using System.Buffers;
using JanusEvents.Tool.EventFiles;
using JanusEvents.Tool.Failures;
using JanusEvents.Tool.Output;
using JanusEvents.Tool.Stores;

namespace JanusEvents.Tool.Commands;

/// <summary>Stores events from files, in their order.</summary>
internal static class ImportCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> settings, string[] files, CancellationToken cancellationToken)
    {
        foreach (string file in files.Where(f => f != EventFile.StandardInput && !File.Exists(f)))
            throw new CommandException($"There is no file {file}; nothing was stored.");

        await using CommandServices services = CommandServices.Build(settings, createsStore: true);
        await CheckStoreAsync(services, cancellationToken);
        using ProgressDisplay display = ProgressDisplay.OnStandardError();
        Import import = new(services.Get<JanusEventParser>(), services.Get<IBodyDelivery>(), display);
        foreach (string file in files)
            await import.RunAsync(new EventFile(file), cancellationToken);
        if (import.InvalidElements == 0)
            return ExitCode.Done;

        display.WriteLine($"{import.InvalidElements} invalid elements, reported above; everything else is stored.");
        return ExitCode.Failed;
    }

    // The delivery retries for a minute, which is of no use where there is no database.
    private static async Task CheckStoreAsync(CommandServices services, CancellationToken cancellationToken)
    {
        if (services.Store.File is { } file && !File.Exists(file))
            return;

        EventQuery few = new() { Kinds = [typeof(CoreEvent)] };
        await foreach (JanusEvent _ in services.Get<IEventStore>().ReadAsync(few, cancellationToken))
            break;
    }

    /// <summary>
    /// The import of files one after the other. Single events are grouped into bodies, the same for the same file, since
    /// a body that is already stored is recognised by its bytes.
    /// </summary>
    private sealed class Import(JanusEventParser parser, IBodyDelivery delivery, ProgressDisplay display)
    {
        private const int EventsPerBody = 100;
        private const int BytesPerBody = 256 * 1024;
        private const int MaxPendingBytes = 16 << 20;
        private const int MaxPendingBodies = 64;
        private const int MaxReported = 100;

        // How long a body may wait for the store before the import ends.
        private static readonly TimeSpan s_storeLimit = TimeSpan.FromSeconds(60);

        private readonly Queue<(Task<bool> Stored, ReceivedBody Body, long Line)> _pending = [];
        private readonly ArrayBufferWriter<byte> _group = new();
        private long _pendingBytes;
        private int _groupedEvents;
        private long _groupLine;
        private EventFile _file = new(EventFile.StandardInput);
        private long _events;
        private long _bodies;

        /// <summary>How many elements are invalid.</summary>
        public long InvalidElements { get; private set; }

        public async Task RunAsync(EventFile file, CancellationToken cancellationToken)
        {
            (_file, _events, _bodies) = (file, 0, 0);
            await foreach (FileElement element in file.ReadAsync(cancellationToken))
            {
                switch (element.Kind)
                {
                    case FileElementKind.Event when IsEvent(element):
                        await AddAsync(element, cancellationToken);
                        break;
                    case FileElementKind.Body:
                        await EndGroupAsync(cancellationToken);
                        await DeliverAsync(element, cancellationToken);
                        break;
                    case FileElementKind.Invalid:
                        Report(element, element.Line, element.Problem!);
                        break;
                }
            }

            await EndGroupAsync(cancellationToken);
            while (_pending.Count > 0)
                await WaitForFirstAsync(cancellationToken);
            display.Clear();
            display.WriteLine($"{_file.Name}: {_events} events in {_bodies} bodies stored");
        }

        private bool IsEvent(FileElement element)
        {
            ParsedBody parsed = parser.Parse(element.Json);
            foreach (RejectedElement rejected in parsed.Rejected)
                Report(element, element.Line, rejected.Reason);
            return parsed.Rejected.Count == 0;
        }

        /// <summary>Adds an event to the group that becomes a body.</summary>
        private async Task AddAsync(FileElement element, CancellationToken cancellationToken)
        {
            if (_groupedEvents == 0)
                _groupLine = element.Line;
            _group.Write(_groupedEvents == 0 ? "["u8 : ","u8);
            _group.Write(element.Json);
            _groupedEvents++;
            if (_groupedEvents == EventsPerBody || _group.WrittenCount >= BytesPerBody)
                await EndGroupAsync(cancellationToken);
        }

        private async Task EndGroupAsync(CancellationToken cancellationToken)
        {
            if (_groupedEvents == 0)
                return;

            // One alone is the body that a Janus which does not group sends.
            if (_groupedEvents > 1)
                _group.Write("]"u8);
            byte[] json = _group.WrittenSpan[(_groupedEvents > 1 ? 0 : 1)..].ToArray();
            _group.ResetWrittenCount();
            _groupedEvents = 0;
            await DeliverAsync(new FileElement(_groupLine, FileElementKind.Body, json), cancellationToken);
        }

        private async Task DeliverAsync(FileElement element, CancellationToken cancellationToken)
        {
            ReceivedBody body = new(element.Json, parser.Parse(element.Json), DateTimeOffset.UtcNow, remoteAddress: null);
            foreach (RejectedElement rejected in body.Rejected)
                Report(element, element.Line + element.Json.AsSpan(0, rejected.Offset).Count((byte)'\n'), rejected.Reason);

            // The invalid elements of a body that has events go to the table rejected, as when it is received.
            if (!body.IsUsable)
                return;

            while (_pending.Count > 0 && (_pending.Count >= MaxPendingBodies || _pendingBytes + element.Json.Length > MaxPendingBytes))
                await WaitForFirstAsync(cancellationToken);
            _pendingBytes += element.Json.Length;
            _pending.Enqueue((StoreAsync(body, cancellationToken), body, element.Line));
        }

        private async Task<bool> StoreAsync(ReceivedBody body, CancellationToken cancellationToken)
        {
            using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            giveUp.CancelAfter(s_storeLimit);
            return await delivery.DeliverAsync(body, giveUp.Token) != DeliveryResult.NotStored;
        }

        private async Task WaitForFirstAsync(CancellationToken cancellationToken)
        {
            (Task<bool> stored, ReceivedBody body, long line) = _pending.Dequeue();
            if (!await stored)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new CommandException(
                    $"{_file.Name}: the store did not accept the body that begins on line {line}. Everything before it is stored; import the file again to go on.");
            }

            _pendingBytes -= body.Json.Length;
            _bodies++;
            _events += body.Events.Count(e => e is not MediaStatsEvent { Part: > 0 });
            display.Show(_file.PartRead, $"{_file.Name}: {_events} events in {_bodies} bodies stored so far");
        }

        private void Report(FileElement element, long line, string problem)
        {
            InvalidElements++;
            if (InvalidElements <= MaxReported)
                display.WriteLine($"{_file.Name}{(element.Entry is { } entry ? $"/{entry}" : "")}, line {line}: {problem}");
            else if (InvalidElements == MaxReported + 1)
                display.WriteLine("Further invalid elements are only counted.");
        }
    }
}

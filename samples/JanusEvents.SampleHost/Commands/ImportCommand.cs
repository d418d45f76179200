using System.Buffers;
using System.Diagnostics;

namespace JanusEvents.SampleHost.Commands;

/// <summary>Stores events from files, in their order.</summary>
internal static class ImportCommand
{
    public static async Task<int> RunAsync(IReadOnlyList<string> settings, string[] files, CancellationToken cancellationToken)
    {
        foreach (string file in files.Where(f => f != RecordedFile.StandardInput && !File.Exists(f)))
            throw new CommandException($"There is no file {file}; nothing was stored.");

        await using CommandServices services = CommandServices.Build(settings, makesStore: true);
        await CheckStoreAsync(services, cancellationToken);
        Import import = new(services.Get<JanusEventParser>(), services.Get<IBodyDelivery>());
        foreach (string file in files)
            await import.RunAsync(file, cancellationToken);
        if (import.Problems == 0)
            return 0;

        await Console.Error.WriteLineAsync($"{import.Problems} pieces are no events, as told above; everything else is stored.");
        return 1;
    }

    // The delivery tries again what fails, which is of no use where there is no database.
    private static async Task CheckStoreAsync(CommandServices services, CancellationToken cancellationToken)
    {
        if (services.Store.File is { } file && !File.Exists(file))
            return;

        EventQuery few = new() { Kinds = [typeof(CoreEvent)] };
        await foreach (JanusEvent _ in services.Get<IEventStore>().ReadAsync(few, cancellationToken))
            break;
    }

    /// <summary>
    /// The import of files one after the other. Single events are put together into bodies, the same for the same file,
    /// since a body that was stored already is recognised by its bytes.
    /// </summary>
    private sealed class Import(JanusEventParser parser, IBodyDelivery delivery)
    {
        private const int EventsPerBody = 100;
        private const int BytesPerBody = 256 * 1024;
        private const int MaxBytesOnTheWay = 16 << 20;
        private const int MaxBodiesOnTheWay = 64;
        private const int MaxProblemsTold = 100;

        // How long a store may take nothing before the import ends.
        private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
        private static readonly TimeSpan s_betweenProgress = TimeSpan.FromSeconds(2);

        private readonly Queue<(Task<bool> Stored, ReceivedBody Body, long Line)> _onTheWay = [];
        private readonly ArrayBufferWriter<byte> _group = new();
        private long _bytesOnTheWay;
        private int _groupedEvents;
        private long _groupLine;
        private string _file = "";
        private long _events;
        private long _bodies;
        private long _progressTold;

        /// <summary>How many pieces are no events.</summary>
        public long Problems { get; private set; }

        public async Task RunAsync(string file, CancellationToken cancellationToken)
        {
            _file = file == RecordedFile.StandardInput ? "standard input" : file;
            (_events, _bodies, _progressTold) = (0, 0, Stopwatch.GetTimestamp());
            await foreach (RecordedPiece piece in RecordedFile.ReadAsync(file, cancellationToken))
            {
                switch (piece.Kind)
                {
                    case RecordedPieceKind.Event when IsEvent(piece):
                        await AddAsync(piece, cancellationToken);
                        break;
                    case RecordedPieceKind.Body:
                        await EndGroupAsync(cancellationToken);
                        await DeliverAsync(piece, cancellationToken);
                        break;
                    case RecordedPieceKind.Broken:
                        Tell(piece, piece.Line, piece.Problem!);
                        break;
                }
            }

            await EndGroupAsync(cancellationToken);
            while (_onTheWay.Count > 0)
                await WaitForFirstAsync();
            TellProgress("stored");
        }

        private bool IsEvent(RecordedPiece piece)
        {
            ParsedBody parsed = parser.Parse(piece.Json);
            foreach (RejectedElement rejected in parsed.Rejected)
                Tell(piece, piece.Line, rejected.Reason);
            return parsed.Rejected.Count == 0;
        }

        /// <summary>Adds an event to the group that becomes a body.</summary>
        private async Task AddAsync(RecordedPiece piece, CancellationToken cancellationToken)
        {
            if (_groupedEvents == 0)
                _groupLine = piece.Line;
            _group.Write(_groupedEvents == 0 ? "["u8 : ","u8);
            _group.Write(piece.Json);
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
            await DeliverAsync(new RecordedPiece(_groupLine, RecordedPieceKind.Body, json), cancellationToken);
        }

        private async Task DeliverAsync(RecordedPiece piece, CancellationToken cancellationToken)
        {
            ReceivedBody body = new(piece.Json, parser.Parse(piece.Json), DateTimeOffset.UtcNow, remoteAddress: null);
            foreach (RejectedElement rejected in body.Rejected)
                Tell(piece, piece.Line + piece.Json.AsSpan(0, rejected.Offset).Count((byte)'\n'), rejected.Reason);

            // Of a body that has events, what is none goes to the table rejected, as when it is received.
            if (!body.IsUsable)
                return;

            while (_onTheWay.Count > 0 && (_onTheWay.Count >= MaxBodiesOnTheWay || _bytesOnTheWay + piece.Json.Length > MaxBytesOnTheWay))
                await WaitForFirstAsync();
            _bytesOnTheWay += piece.Json.Length;
            _onTheWay.Enqueue((StoreAsync(body, cancellationToken), body, piece.Line));
        }

        private async Task<bool> StoreAsync(ReceivedBody body, CancellationToken cancellationToken)
        {
            using CancellationTokenSource giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            giveUp.CancelAfter(s_patience);
            return await delivery.DeliverAsync(body, giveUp.Token) != DeliveryResult.NotStored;
        }

        private async Task WaitForFirstAsync()
        {
            (Task<bool> stored, ReceivedBody body, long line) = _onTheWay.Dequeue();
            if (!await stored)
                throw new CommandException($"{_file}: the store did not take what begins on line {line}. What stands before is stored; import the file again to go on.");

            _bytesOnTheWay -= body.Json.Length;
            _bodies++;
            _events += body.Events.Count(e => e is not MediaStatsEvent { Part: > 0 });
            if (Stopwatch.GetElapsedTime(_progressTold) >= s_betweenProgress)
                TellProgress("stored so far");
        }

        private void TellProgress(string what)
        {
            _progressTold = Stopwatch.GetTimestamp();
            Console.Error.WriteLine($"{_file}: {_events} events in {_bodies} bodies {what}");
        }

        private void Tell(RecordedPiece piece, long line, string problem)
        {
            Problems++;
            if (Problems <= MaxProblemsTold)
                Console.Error.WriteLine($"{_file}{(piece.Entry is { } entry ? $"/{entry}" : "")}, line {line}: {problem}");
            else if (Problems == MaxProblemsTold + 1)
                Console.Error.WriteLine("Further lines like these are only counted.");
        }
    }
}

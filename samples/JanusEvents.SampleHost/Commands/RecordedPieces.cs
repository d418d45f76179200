using System.Runtime.CompilerServices;

namespace JanusEvents.SampleHost.Commands;

/// <summary>
/// Cuts a stream into events and bodies, in memory that does not grow with it. JSON objects and arrays may stand one a
/// line, and a broken line costs only itself; or they may be indented over many lines. An array that is longer than
/// bodies are is taken apart into its events.
/// </summary>
internal sealed class RecordedPieces(Stream stream)
{
    /// <summary>How long an event may be, and a recorded body: what an endpoint takes by default.</summary>
    public const int MaxPieceBytes = 64 << 20;

    private const int MaxArrayBytes = 8 << 20;
    private const int MaxArrayElements = 10_000;

    private byte[] _buffer = new byte[128 * 1024];
    private int _start;
    private int _position;
    private int _end;
    private bool _ended;
    private long _line = 1;
    private long _startLine;
    private bool _inLongArray;

    // Whether each value stands on a line of its own; not known before the first line ends.
    private bool? _oneALine;

    public async IAsyncEnumerable<RecordedPiece> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await FillAsync(cancellationToken);
        if (_buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
            _position = 3;

        while (await PassSeparatorsAsync(cancellationToken))
        {
            (_start, _startLine) = (_position, _line);
            switch (_buffer[_position])
            {
                case (byte)']' when _inLongArray:
                    _inLongArray = false;
                    _position++;
                    break;
                case (byte)'{' or (byte)'[':
                    if (await ReadValueAsync(cancellationToken) is { } piece)
                    {
                        yield return piece;
                    }
                    else
                    {
                        (_inLongArray, _position, _line) = (true, _start + 1, _startLine);
                    }

                    break;
                default:
                    await PassAsync(_inLongArray ? "\n,]" : "\n", cancellationToken);
                    yield return Broken("It is neither a JSON object nor a JSON array.");
                    break;
            }
        }

        if (_inLongArray)
            yield return Broken("The array does not end.");
    }

    /// <summary>Moves to the next byte that is no white space, nor a comma between the elements of a long array.</summary>
    /// <returns>False at the end.</returns>
    private async ValueTask<bool> PassSeparatorsAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            for (; _position < _end; _position++)
            {
                switch (_buffer[_position])
                {
                    case (byte)'\n':
                        _line++;
                        break;
                    case (byte)' ' or (byte)'\t' or (byte)'\r' or 0:
                    case (byte)',' when _inLongArray:
                        break;
                    default:
                        return true;
                }
            }

            _start = _position;
            if (!await FillAsync(cancellationToken))
                return false;
        }
    }

    /// <summary>Reads the object or array that begins here.</summary>
    /// <returns>Null for an array that is longer than bodies are.</returns>
    private async ValueTask<RecordedPiece?> ReadValueAsync(CancellationToken cancellationToken)
    {
        bool isArray = !_inLongArray && _buffer[_start] == (byte)'[';
        int longest = isArray ? MaxArrayBytes : MaxPieceBytes;
        int depth = 0, elements = 1;
        bool inString = false, escaped = false;
        byte previous = 0;
        (int Length, long Line)? endOfLine = null;
        while (true)
        {
            for (; _position < _end; _position++)
            {
                byte b = _buffer[_position];
                if (b == (byte)'\n')
                {
                    // No string goes over the end of a line.
                    inString = false;
                    if (_oneALine == true)
                        return Broken("The line ends inside the JSON.");

                    // Where the first line ends between two tokens that stand so in JSON, it goes over several lines.
                    if (_oneALine is null && previous is (byte)'{' or (byte)'[' or (byte)',' or (byte)':')
                        _oneALine = false;
                    else if (_oneALine is null)
                        endOfLine ??= (_position - _start, _line);
                    _line++;
                    continue;
                }

                if (inString)
                {
                    inString = escaped || b != (byte)'"';
                    escaped = !escaped && b == (byte)'\\';
                    continue;
                }

                if (b is (byte)' ' or (byte)'\t' or (byte)'\r')
                    continue;

                previous = b;
                if (endOfLine is { } end)
                {
                    endOfLine = null;
                    _oneALine = b is not ((byte)'}' or (byte)']' or (byte)',' or (byte)':');
                    if (_oneALine == true)
                    {
                        (_position, _line) = (_start + end.Length, end.Line);
                        return Broken("The line ends inside the JSON.");
                    }
                }

                switch (b)
                {
                    case (byte)'"':
                        inString = true;
                        break;
                    case (byte)'{' or (byte)'[':
                        depth++;
                        break;
                    case (byte)',' when depth == 1:
                        elements++;
                        break;
                    case (byte)'}' or (byte)']' when --depth == 0:
                        _position++;
                        _oneALine ??= true;
                        if (_position - _start > longest || (isArray && elements > MaxArrayElements))
                            return isArray ? null : TooLong();
                        return new RecordedPiece(
                            _startLine, b == (byte)']' ? RecordedPieceKind.Body : RecordedPieceKind.Event, _buffer[_start.._position]);
                }
            }

            if (_position - _start > longest)
            {
                if (isArray)
                    return null;

                // Where it ends is not known; the next line begins something new at the most.
                await PassAsync(_oneALine == false ? "" : "\n", cancellationToken);
                return TooLong();
            }

            if (!await FillAsync(cancellationToken))
                return Broken("The file ends inside the JSON.");
        }
    }

    /// <summary>Moves to one of some characters, or to the end, and keeps nothing of what it passes.</summary>
    private async ValueTask PassAsync(string until, CancellationToken cancellationToken)
    {
        do
        {
            for (; _position < _end; _position++)
            {
                if (until.Contains((char)_buffer[_position], StringComparison.Ordinal))
                    return;
            }

            _start = _position;
        }
        while (await FillAsync(cancellationToken));
    }

    private RecordedPiece TooLong() => Broken($"It is longer than {MaxPieceBytes >> 20} MiB.");

    private RecordedPiece Broken(string problem) => new(_startLine, RecordedPieceKind.Broken, [], problem);

    /// <summary>Reads more, and keeps what begins at the start.</summary>
    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_position, _end, _start) = (_position - _start, _end - _start, 0);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _ended = read == 0;
        _end += read;
        return !_ended;
    }
}

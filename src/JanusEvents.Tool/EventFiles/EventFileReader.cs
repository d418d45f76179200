using System.Runtime.CompilerServices;

namespace JanusEvents.Tool.EventFiles;

/// <summary>
/// Splits a stream into events and bodies, in memory that does not grow with it. JSON objects and arrays may stand one per
/// line, where an invalid line costs only itself, or be indented over many lines. An array longer than a body is split into
/// its events.
/// </summary>
/// <remarks>
/// It counts brackets outside of strings and leaves the JSON itself to <see cref="JanusEventParser"/>. A Utf8JsonReader cannot
/// do that: it ends at the first syntax error and does not say where the broken value ends. One broken element would cost
/// the other events of its body, which are stored while it goes to the table <c>rejected</c>, and in an array of a whole
/// export on one line, everything behind it.
/// </remarks>
internal sealed class EventFileReader(Stream stream)
{
    /// <summary>How long an event may be, and a recorded body: what an endpoint accepts by default.</summary>
    public const int MaxElementBytes = 64 << 20;

    /// <summary>Why an element is invalid that is longer than that.</summary>
    public static readonly string TooLong = $"It is longer than {MaxElementBytes >> 20} MiB.";

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

    // Whether each value stands on a line of its own; unknown before the first line ends.
    private bool? _onePerLine;

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    public async IAsyncEnumerable<FileElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (_end < ByteOrderMark.Length && await FillAsync(cancellationToken))
        {
        }

        if (_buffer.AsSpan(0, _end).StartsWith(ByteOrderMark))
            _position = ByteOrderMark.Length;

        while (await SkipSeparatorsAsync(cancellationToken))
        {
            (_start, _startLine) = (_position, _line);
            switch (_buffer[_position])
            {
                case (byte)']' when _inLongArray:
                    _inLongArray = false;
                    _position++;
                    break;
                case (byte)'{' or (byte)'[':
                    if (await ReadValueAsync(cancellationToken) is { } element)
                    {
                        yield return element;
                    }
                    else
                    {
                        (_inLongArray, _position, _line) = (true, _start + 1, _startLine);
                    }

                    break;
                default:
                    await SkipAsync(_inLongArray ? "\n,]" : "\n", cancellationToken);
                    yield return Invalid("It is neither a JSON object nor a JSON array.");
                    break;
            }
        }

        if (_inLongArray)
            yield return Invalid("The array does not end.");
    }

    /// <summary>Moves to the next byte that is neither white space nor a comma between the elements of a long array.</summary>
    /// <returns>False at the end.</returns>
    private async ValueTask<bool> SkipSeparatorsAsync(CancellationToken cancellationToken)
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
    /// <returns>Null for an array longer than a body.</returns>
    private async ValueTask<FileElement?> ReadValueAsync(CancellationToken cancellationToken)
    {
        bool isArray = !_inLongArray && _buffer[_start] == (byte)'[';
        int longest = isArray ? MaxArrayBytes : MaxElementBytes;
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
                    // A string does not go beyond its line.
                    inString = false;
                    if (_onePerLine == true)
                        return Invalid("The line ends inside the JSON.");

                    // A first line that ends behind one of these tokens is part of indented JSON.
                    if (_onePerLine is null && previous is (byte)'{' or (byte)'[' or (byte)',' or (byte)':')
                        _onePerLine = false;
                    else if (_onePerLine is null)
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
                    _onePerLine = b is not ((byte)'}' or (byte)']' or (byte)',' or (byte)':');
                    if (_onePerLine == true)
                    {
                        (_position, _line) = (_start + end.Length, end.Line);
                        return Invalid("The line ends inside the JSON.");
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
                        _onePerLine ??= true;
                        if (_position - _start > longest || (isArray && elements > MaxArrayElements))
                            return isArray ? null : Invalid(TooLong);
                        return new FileElement(
                            _startLine, b == (byte)']' ? FileElementKind.Body : FileElementKind.Event, _buffer[_start.._position]);
                }
            }

            if (_position - _start > longest)
            {
                if (isArray)
                    return null;

                // Its end is unknown; something new can begin with the next line at the earliest.
                await SkipAsync(_onePerLine == false ? "" : "\n", cancellationToken);
                return Invalid(TooLong);
            }

            if (!await FillAsync(cancellationToken))
                return Invalid("The file ends inside the JSON.");
        }
    }

    /// <summary>Moves to one of some characters, or to the end, and keeps nothing of what it skips.</summary>
    private async ValueTask SkipAsync(string until, CancellationToken cancellationToken)
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

    private FileElement Invalid(string problem) => new(_startLine, FileElementKind.Invalid, [], problem);

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

using System.Text.Json;
using System.Text.Unicode;
using JanusEvents.Events.Json;

namespace JanusEvents;

/// <summary>
/// Reads the bodies that Janus's event handlers send: an array of events, or one event alone; and several of these one
/// after the other, as in a file with one on each line (NDJSON). Any order of properties and any indentation will do. Safe
/// for several threads at once.
/// </summary>
/// <remarks>
/// Content never makes it throw: what is not an event comes back as a <see cref="RejectedElement"/>, and the events
/// around it are read all the same. A type, subtype or form that the model does not know is an
/// <see cref="UnknownEvent"/>.
/// </remarks>
public sealed class JanusEventParser
{
    private const int BytesOfEvent = 400;
    private const int MostExpected = 256;

    private readonly JsonReaderOptions _readerOptions;
    private readonly int _maxElements;
    private readonly StringPool _pool = new();

    /// <summary>Makes a parser.</summary>
    /// <param name="options">Its limits; the defaults when null.</param>
    /// <exception cref="ArgumentException">A limit is out of its range.</exception>
    public JanusEventParser(JanusEventParserOptions? options = null)
    {
        options ??= new JanusEventParserOptions();
        options.Validate();
        _readerOptions = new JsonReaderOptions { MaxDepth = options.MaxDepth };
        _maxElements = options.MaxElements;
    }

    /// <summary>Reads a body.</summary>
    /// <param name="body">
    /// The body as UTF-8, already decompressed. A byte order mark before each JSON value and NULs after it (Janus 0.8.0 to
    /// 0.11.3 send one) are ignored. It is not copied: the events refer to it, so it must not change any more.
    /// </param>
    /// <returns>The events and the invalid elements. A body that is not JSON at all is one invalid element.</returns>
    public ParsedBody Parse(ReadOnlyMemory<byte> body)
    {
        BodyPass pass = new(this, body);
        pass.Run();
        return new ParsedBody(pass.Events, pass.Rejected);
    }

    /// <summary>One pass over one body, element by element, so that a broken element costs only itself.</summary>
    private ref struct BodyPass(JanusEventParser parser, ReadOnlyMemory<byte> body)
    {
        // A broken value is read up to where it breaks, which may be many lines on, and then again line by line. After so many
        // of them no event extends over the end of a line any more, so that the time does not grow with the square of the length.
        private const int MostReadAgain = 16;

        // An exception each.
        private const int MostLinesTried = 64;

        private readonly JanusEventParser _parser = parser;
        private readonly ReadOnlyMemory<byte> _body = body;
        private readonly ReadOnlySpan<byte> _bytes = body.Span;
        private readonly bool _validUtf8 = Utf8.IsValid(body.Span);
        private int _position;
        private List<RejectedElement>? _rejected;

        // Elements of arrays, and what stands outside of arrays.
        private int _elements;

        // Whether the body has several values, one a line: what is broken then ends with its line.
        private bool _isLines;
        private int _endOfLine = -1;
        private int _broken;
        private int _linesTried;

        // Statistics have about so many bytes: a list that grows is allocated several times.
        public List<JanusEvent> Events { get; } = new(Math.Min((body.Length / BytesOfEvent) + 1, MostExpected));

        public readonly IReadOnlyList<RejectedElement> Rejected => _rejected ?? (IReadOnlyList<RejectedElement>)[];

        public void Run()
        {
            if (_bytes.StartsWith("\uFEFF"u8))
                _position = 3;

            SkipWhiteSpace();
            if (AtEnd())
            {
                Reject(0, _bytes.Length, "The body is empty.");
                return;
            }

            int previous = -1;
            do
            {
                int start = _position;
                switch (_bytes[start])
                {
                    case (byte)'{':
                        if (HasRoom())
                            ReadElement();
                        break;
                    case (byte)'[':
                        _position++;
                        ReadArray(start);
                        break;
                    default:
                        RejectNoValue(previous);
                        break;
                }

                previous = _position;
                SkipBetweenValues();
                if (!_isLines && !AtEnd())
                    _isLines = !_bytes[start..previous].Contains((byte)'\n');
            }
            while (!AtEnd());
        }

        private void ReadArray(int start)
        {
            int firstLine = -1;
            for (int element = 0; ; element++)
            {
                int end = _position;
                SkipWhiteSpace();
                if (AtEnd())
                {
                    Reject(_position, _position, "The body ends inside the array.");
                    return;
                }

                if (_bytes[_position] == (byte)']' && element == 0)
                {
                    _position++;
                    return;
                }

                if (!HasRoom() || (_bytes[_position] == (byte)'[' && IsCut(start, end, ref firstLine)))
                    return;

                ReadElement();
                end = _position;
                SkipWhiteSpace();
                if (AtEnd())
                    continue;

                if (_bytes[_position] is not ((byte)',' or (byte)']'))
                {
                    if (IsCut(start, end, ref firstLine))
                        return;

                    // An object is read as the next element all the same.
                    end = _bytes[_position] == (byte)'{' ? _position : EndOfBroken(_position);
                    Reject(_position, end, "An element is followed by neither a comma nor the end of the array.");
                    _position = end;
                    SkipWhiteSpace();
                    if (AtEnd() || _bytes[_position] == (byte)'{')
                        continue;
                }

                if (_bytes[_position] is (byte)',' or (byte)']' && _bytes[_position++] == (byte)']')
                    return;
            }
        }

        /// <summary>
        /// Whether an array ends, without its bracket, with a line: the body has one value a line, and all of the array stood
        /// on this one, or values begin on the next one.
        /// </summary>
        /// <param name="start">Where the array begins.</param>
        /// <param name="end">Where what is known of it ends; there is nothing but white space between it and the position.</param>
        /// <param name="firstLine">Where the line ends that it begins on, once that is known.</param>
        private bool IsCut(int start, int end, ref int firstLine)
        {
            int line = _bytes[end.._position].IndexOf((byte)'\n');
            if (line < 0)
                return false;

            line += end;
            if (_isLines && firstLine < 0)
                firstLine = start + _bytes[start..].IndexOf((byte)'\n');
            if (_isLines ? line != firstLine : !BeginsValues(line))
                return false;

            Reject(_position, _position, "The line ends inside the array.");
            return true;
        }

        /// <summary>Counts one more element; where there were enough, all the rest is rejected.</summary>
        private bool HasRoom()
        {
            if (_elements++ < _parser._maxElements)
                return true;

            Reject(_position, _bytes.Length, $"The body has more than {_parser._maxElements} elements.");
            _position = _bytes.Length;
            return false;
        }

        /// <summary>Rejects what stands where a value should begin, up to the line where the next one does.</summary>
        private void RejectNoValue(int previous)
        {
            if (!HasRoom())
                return;

            int start = _position;
            _position = EndOfLines(start, _bytes.Length);
            Reject(start, _position, previous >= 0 && !_bytes[previous..start].Contains((byte)'\n')
                ? "Something follows the end of the JSON."
                : previous < 0 && _position == _bytes.Length
                    ? "The body is neither a JSON array nor a JSON object."
                    : "The line is neither a JSON array nor a JSON object.");
        }

        private void ReadElement()
        {
            int start = _position;
            if (_bytes[start] != (byte)'{')
            {
                _position = EndOfBroken(start);
                Reject(start, _position, "The element is not a JSON object.");
                return;
            }

            int before = Events.Count;
            int end = _broken > MostReadAgain && _isLines ? EndOfLine(start) : _bytes.Length;
            try
            {
                if (!_validUtf8 && !IsValidUtf8(start, end))
                    return;

                ReadOnlyMemory<byte> json = _body[start..end];
                if (PlainMediaStats.TryRead(json, _parser._pool, Events, out int length))
                {
                    _position = start + length;
                    return;
                }

                EventReader reader = new(json, _parser._readerOptions, _parser._pool);
                (length, string? rejected) = reader.Read(Events);
                _position = start + length;
                if (rejected is not null)
                    Reject(start, _position, rejected);
            }
            catch (JsonException)
            {
                Events.RemoveRange(before, Events.Count - before);
                _broken++;
                _position = EndOfBroken(start);
                Reject(start, _position, Describe(start, _position));
            }
        }

        private bool IsValidUtf8(int start, int limit)
        {
            Utf8JsonReader reader = new(_bytes[start..limit], _parser._readerOptions);
            reader.Read();
            reader.Skip();
            int end = start + (int)reader.BytesConsumed;
            if (Utf8.IsValid(_bytes[start..end]))
                return true;

            _position = end;
            Reject(start, end, "The event is not valid UTF-8.");
            return false;
        }

        private readonly string Describe(int start, int end)
        {
            if (Depth(start, end) > _parser._readerOptions.MaxDepth)
                return $"The event nests deeper than {_parser._readerOptions.MaxDepth} levels.";
            return end == _bytes.Length ? "The event is broken JSON, or the body ends inside it." : "The event is broken JSON.";
        }

        /// <summary>Where a broken element ends: as <see cref="EndOfElement"/> says, or with its line where values go line by line.</summary>
        private int EndOfBroken(int start) => EndOfLines(start, EndOfElement(start, _isLines ? EndOfLine(start) : _bytes.Length));

        /// <summary>
        /// Before the next comma or closing bracket outside of strings, objects and arrays that begin in the element, or at the
        /// limit.
        /// </summary>
        private readonly int EndOfElement(int start, int limit)
        {
            int depth = 0;
            for (int i = start; i < limit; i++)
            {
                switch (_bytes[i])
                {
                    case (byte)'"':
                        i = EndOfString(i);
                        break;
                    case (byte)'{' or (byte)'[':
                        depth++;
                        break;
                    case (byte)']' or (byte)',' when depth == 0:
                        return i;
                    case (byte)'}' or (byte)']':
                        depth = Math.Max(0, depth - 1);
                        break;
                }
            }

            return limit;
        }

        /// <summary>The end of the line behind which the next values begin, without white space, or the limit.</summary>
        private int EndOfLines(int start, int limit)
        {
            int line = _isLines ? Math.Min(EndOfLine(start), limit) : start;
            while (!_isLines && line < limit)
            {
                int length = _bytes[line..limit].IndexOf((byte)'\n');
                line = length < 0 ? limit : line + length;
                if (line == limit || BeginsValues(line))
                    break;
                line += _bytes[line..].IndexOfAnyExcept(" \r\n\t"u8) is >= 0 and int blank ? blank : _bytes.Length - line;
            }

            return line < _bytes.Length && _bytes[line] == (byte)'\n' ? start + _bytes[start..line].TrimEnd(" \r\n\t"u8).Length : line;
        }

        private int EndOfLine(int position)
        {
            // Asked for the place where the pass is, which only moves on.
            if (position > _endOfLine)
            {
                int length = _bytes[position..].IndexOf((byte)'\n');
                _endOfLine = length < 0 ? _bytes.Length : position + length;
            }

            return _endOfLine;
        }

        /// <summary>
        /// Whether there is one value a line from the next line on: it is a whole value, and behind it another line begins one, or
        /// there is nothing. Inside of one value, a comma or a bracket stands between two.
        /// </summary>
        private bool BeginsValues(int newLine)
        {
            ReadOnlySpan<byte> rest = _bytes[newLine..].TrimStart(" \r\n\t"u8);
            int length = rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (length < 0 ? rest : rest[..length]).TrimEnd(" \r\t\0"u8);
            ReadOnlySpan<byte> next = length < 0 ? [] : rest[length..].TrimStart(" \r\n\t\0"u8);
            if (line is not [(byte)'{' or (byte)'[', .., (byte)'}' or (byte)']'] || next is not ([] or [(byte)'{' or (byte)'[', ..]))
                return false;
            if (_linesTried++ >= MostLinesTried)
                return false;

            try
            {
                Utf8JsonReader reader = new(line, _parser._readerOptions);
                reader.Read();
                reader.Skip();
                return reader.BytesConsumed == line.Length;
            }
            catch (JsonException)
            {
                return false;
            }
        }

        private readonly int Depth(int start, int end)
        {
            int depth = 0, deepest = 0;
            for (int i = start; i < end; i++)
            {
                switch (_bytes[i])
                {
                    case (byte)'"':
                        i = EndOfString(i);
                        break;
                    case (byte)'{' or (byte)'[':
                        deepest = Math.Max(deepest, ++depth);
                        break;
                    case (byte)'}' or (byte)']':
                        depth--;
                        break;
                }
            }

            return deepest;
        }

        private readonly int EndOfString(int quote)
        {
            for (int i = quote + 1; i < _bytes.Length; i++)
            {
                if (_bytes[i] == (byte)'\\')
                    i++;
                else if (_bytes[i] == (byte)'"')
                    return i;
            }

            return _bytes.Length;
        }

        private void Reject(int start, int end, string reason)
        {
            _rejected ??= [];
            _rejected.Add(new RejectedElement(start, reason, _body[start..end]));
        }

        private void SkipWhiteSpace()
        {
            while (_position < _bytes.Length && _bytes[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                _position++;
        }

        /// <summary>Skips white space, NULs and byte order marks, as they are where bodies were put together.</summary>
        private void SkipBetweenValues()
        {
            SkipWhiteSpace();
            int value = _position;
            while (true)
            {
                ReadOnlySpan<byte> rest = _bytes[_position..];
                if (rest.IsEmpty || rest[0] is (byte)'{' or (byte)'[')
                    return;

                if (rest[0] == 0)
                    _position++;
                else if (rest.StartsWith("\uFEFF"u8))
                    _position += 3;
                else
                    break;
                SkipWhiteSpace();
            }

            // No value follows, so they are a part of what is rejected.
            _position = value;
        }

        /// <summary>At the end, where NULs after the JSON do not count.</summary>
        private bool AtEnd()
        {
            if (_position < _bytes.Length && _bytes[_position] == 0 && _bytes[_position..].IndexOfAnyExcept((byte)0) < 0)
                _position = _bytes.Length;
            return _position >= _bytes.Length;
        }
    }
}

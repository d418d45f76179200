using System.Text.Json;
using System.Text.Unicode;
using JanusEvents.Parsing;

namespace JanusEvents;

/// <summary>
/// Reads the bodies that Janus's event handlers send: an array of events, or one event alone. Any order of properties
/// and any indentation will do. Safe for several threads at once.
/// </summary>
/// <remarks>
/// Content never makes it throw: what is not an event comes back as a <see cref="RejectedPiece"/>, and the events
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
    /// The body as UTF-8, already decompressed. A byte order mark before it and NULs after it (Janus 0.8.0 to 0.11.3
    /// send one) are ignored. It is not copied: the events refer to it, so it must not change any more.
    /// </param>
    /// <returns>The events and the pieces that are none. A body that is no JSON at all is one rejected piece.</returns>
    public ParsedBody Parse(ReadOnlyMemory<byte> body)
    {
        BodyPass pass = new(this, body);
        pass.Run();
        return new ParsedBody(pass.Events, pass.Rejected);
    }

    /// <summary>One pass over one body, element by element, so that a broken element costs only itself.</summary>
    private ref struct BodyPass(JanusEventParser parser, ReadOnlyMemory<byte> body)
    {
        private readonly JanusEventParser _parser = parser;
        private readonly ReadOnlyMemory<byte> _body = body;
        private readonly ReadOnlySpan<byte> _bytes = body.Span;
        private readonly bool _validUtf8 = Utf8.IsValid(body.Span);
        private int _position;
        private List<RejectedPiece>? _rejected;

        // Statistics have about so many bytes: a list that grows is allocated several times.
        public List<JanusEvent> Events { get; } = new(Math.Min((body.Length / BytesOfEvent) + 1, MostExpected));

        public readonly IReadOnlyList<RejectedPiece> Rejected => _rejected ?? (IReadOnlyList<RejectedPiece>)[];

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

            switch (_bytes[_position])
            {
                case (byte)'{':
                    ReadElement();
                    break;
                case (byte)'[':
                    _position++;
                    ReadArray();
                    break;
                default:
                    Reject(_position, _bytes.Length, "The body is neither a JSON array nor a JSON object.");
                    return;
            }

            SkipWhiteSpace();
            if (!AtEnd())
                Reject(_position, _bytes.Length, "Something follows the end of the JSON.");
        }

        private void ReadArray()
        {
            for (int element = 0; ; element++)
            {
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

                if (element == _parser._maxElements)
                {
                    Reject(_position, _bytes.Length, $"The array has more than {_parser._maxElements} elements.");
                    _position = _bytes.Length;
                    return;
                }

                ReadElement();
                SkipWhiteSpace();
                if (AtEnd())
                    continue;

                if (_bytes[_position] is not ((byte)',' or (byte)']'))
                {
                    // An object is read as the next element all the same.
                    int end = _bytes[_position] == (byte)'{' ? _position : EndOfElement(_position);
                    Reject(_position, end, "An element is followed by neither a comma nor the end of the array.");
                    _position = end;
                    if (AtEnd() || _bytes[_position] == (byte)'{')
                        continue;
                }

                if (_bytes[_position++] == (byte)']')
                    return;
            }
        }

        private void ReadElement()
        {
            int start = _position;
            if (_bytes[start] != (byte)'{')
            {
                _position = EndOfElement(start);
                Reject(start, _position, "The element is not a JSON object.");
                return;
            }

            int before = Events.Count;
            try
            {
                if (!_validUtf8 && !IsValidUtf8(start))
                    return;

                if (PlainMediaStats.TryRead(_body[start..], _parser._pool, Events, out int length))
                {
                    _position = start + length;
                    return;
                }

                EventReader reader = new(_body[start..], _parser._readerOptions, _parser._pool);
                (length, string? rejected) = reader.Read(Events);
                _position = start + length;
                if (rejected is not null)
                    Reject(start, _position, rejected);
            }
            catch (JsonException)
            {
                Events.RemoveRange(before, Events.Count - before);
                _position = EndOfElement(start);
                Reject(start, _position, Describe(start, _position));
            }
        }

        private bool IsValidUtf8(int start)
        {
            Utf8JsonReader reader = new(_bytes[start..], _parser._readerOptions);
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

        /// <summary>
        /// Where a broken element ends: before the next comma or closing bracket outside of strings, objects and arrays
        /// that begin in it, or at the end of the body.
        /// </summary>
        private readonly int EndOfElement(int start)
        {
            int depth = 0;
            for (int i = start; i < _bytes.Length; i++)
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

            return _bytes.Length;
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
            _rejected.Add(new RejectedPiece(start, reason, _body[start..end]));
        }

        private void SkipWhiteSpace()
        {
            while (_position < _bytes.Length && _bytes[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
                _position++;
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

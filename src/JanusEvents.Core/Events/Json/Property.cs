using System.Text;

namespace JanusEvents.Events.Json;

/// <summary>A property of an event's body, or of an object inside: its name, how it is read and written, and its columns.</summary>
internal abstract class Property<TOwner>(string name)
    where TOwner : class
{
    public string Name { get; } = name;

    public byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(name);

    /// <summary>Whether it decides the kind of a body without a subtype.</summary>
    public bool DecidesKind { get; init; }

    /// <summary>Whether an owner has it.</summary>
    public abstract bool IsIn(TOwner owner);

    /// <summary>Reads the value that the reader stands on.</summary>
    public abstract void Read(ref EventReader reader, TOwner owner);

    /// <summary>Writes the value of an owner that has it.</summary>
    public abstract void Write(TOwner owner, JsonText text);

    /// <summary>The value with its column; of an object, those inside.</summary>
    /// <param name="path">The names before, with a dot after each.</param>
    public abstract IEnumerable<EventValue> Values(string path);
}

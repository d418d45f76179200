namespace JanusEvents.Events.Json;

/// <summary>The properties of an object in the order in which Janus writes them.</summary>
internal sealed class PropertyList<TOwner>(params Property<TOwner>[] properties)
    where TOwner : class
{
    private readonly PropertyNames<int> _names = new([.. properties.Select((property, place) => (property.Name, place))]);

    public IReadOnlyList<Property<TOwner>> All => properties;

    public Property<TOwner>? Find(ReadOnlySpan<byte> name) => _names.TryFind(name, out int place) ? properties[place] : null;

    /// <summary>Reads the object that the reader has entered.</summary>
    /// <returns>Which of the properties it had.</returns>
    public uint Read(ref EventReader reader, TOwner owner)
    {
        uint seen = 0;
        int next = 0;
        while (reader.NextProperty(out ReadOnlySpan<byte> name))
        {
            if (!_names.TryFind(name, ref next, out int place))
            {
                reader.SkipUnknown();
                continue;
            }

            reader.EnterValue(ref seen, place);
            properties[place].Read(ref reader, owner);
        }

        return seen;
    }

    /// <summary>Whether an owner has any of them.</summary>
    public bool AnyIn(TOwner owner) => Array.Exists(properties, property => property.IsIn(owner));

    /// <summary>Writes those that an owner has.</summary>
    public void Write(TOwner owner, JsonText text)
    {
        foreach (Property<TOwner> property in properties)
        {
            if (!property.IsIn(owner))
                continue;

            text.Name(property.Utf8Name);
            property.Write(owner, text);
        }
    }

    /// <summary>The values that have a column.</summary>
    /// <param name="path">The names before, with a dot after each.</param>
    public IEnumerable<EventValue> Values(string path) => properties.SelectMany(property => property.Values(path));
}

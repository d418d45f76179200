namespace JanusEvents.Events.Json;

/// <summary>One of the properties that a statistics event may have its codec in.</summary>
internal sealed class CodecText(string name, CodecProperty place, PropertyOf<MediaStatsEvent>.Field<string?> codec, string column)
    : ValueProperty<MediaStatsEvent>(name, column, ValueForm.Text)
{
    public CodecProperty Place => place;

    public override bool IsIn(MediaStatsEvent owner) => Value(owner) is not null;

    public override void Read(ref EventReader reader, MediaStatsEvent owner)
    {
        if (reader.Text() is not { } text)
            return;

        // Of several, the model has the last.
        reader.HasMore |= codec(owner) is not null;
        (codec(owner), owner.CodecProperty) = (text, place);
    }

    public override void Write(MediaStatsEvent owner, JsonText text) => text.String(owner.Codec!);

    protected override object? Value(MediaStatsEvent owner) => owner.CodecProperty == place ? owner.Codec : null;
}

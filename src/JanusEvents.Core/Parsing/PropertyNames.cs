using System.Text;

namespace JanusEvents.Parsing;

/// <summary>Finds the meaning of a property's name without making a string of it.</summary>
internal sealed class PropertyNames<T>
    where T : struct
{
    private readonly (byte[] Name, T Value)[]?[] _byHash;

    public PropertyNames(params (string Name, T Value)[] names)
    {
        _byHash = new (byte[], T)[256][];
        foreach (IGrouping<int, (byte[] Name, T Value)> group in names
            .Select(n => (Encoding.UTF8.GetBytes(n.Name), n.Value))
            .GroupBy(n => Hash(n.Item1)))
        {
            _byHash[group.Key] = [.. group];
        }
    }

    public bool TryFind(ReadOnlySpan<byte> name, out T value)
    {
        if (!name.IsEmpty && _byHash[Hash(name)] is { } candidates)
        {
            foreach ((byte[] candidate, T found) in candidates)
            {
                if (name.SequenceEqual(candidate))
                {
                    value = found;
                    return true;
                }
            }
        }

        value = default;
        return false;
    }

    private static int Hash(ReadOnlySpan<byte> name) =>
        (byte)((name.Length * 31) ^ (name[0] * 7) ^ (name[name.Length / 2] * 13) ^ name[^1]);
}

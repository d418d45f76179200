using System.Text;
using JanusEvents.Events.Json;

namespace JanusEvents.Relational.Tables;

/// <summary>
/// The properties of a table's columns as they are nested in an event's JSON: a column at each leaf.
/// </summary>
internal sealed class PathNode
{
    // What Janus writes before something else that stands before it in the tables.
    private static readonly string[] s_order =
    [
        "ice", "local-candidate", "remote-candidate", "selected-pair", "candidates", "dtls", "stream_id", "component_id",
        "retransmissions", "media", "mid", "substream", "receiving", "seconds", "transport", "id", "data",
    ];

    private readonly List<PathNode> _children = [];

    private PathNode(string name)
    {
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        QuotedName = Encoding.UTF8.GetBytes($"\"{name}\"");
    }

    public string Name { get; }

    public byte[] Utf8Name { get; }

    public byte[] QuotedName { get; }

    /// <summary>The place of the column, or -1 for an object.</summary>
    public int Column { get; private set; } = -1;

    public bool IsObject => Column < 0;

    /// <summary>The properties inside, in the order in which Janus writes them.</summary>
    public IReadOnlyList<PathNode> Children => _children;

    public static PathNode Of(IReadOnlyList<EventColumn> columns)
    {
        PathNode root = new("");
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Path is not { } path)
                continue;

            PathNode node = root;
            foreach (string name in path.Split('.'))
                node = node.Child(name) ?? node.Add(name);
            node.Column = i;
        }

        root.Child("event")?.SortAsJanusDoes();
        return root;
    }

    private void SortAsJanusDoes()
    {
        bool isStatistics = Child("packets-received") is not null;
        List<PathNode> sorted = [.. _children.OrderBy(Place)];
        _children.Clear();
        _children.AddRange(sorted);

        int Place(PathNode child)
        {
            int next = 0;
            return !isStatistics ? Array.IndexOf(s_order, child.Name)
                : MediaStatsBody.Names.TryFind(child.Utf8Name, ref next, out _) ? next : int.MaxValue;
        }
    }

    private PathNode? Child(string name) => _children.Find(c => c.Name == name);

    private PathNode Add(string name)
    {
        PathNode child = new(name);
        _children.Add(child);
        return child;
    }
}

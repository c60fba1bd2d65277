using YamlDotNet.RepresentationModel;

namespace MnistApi.Deploy.Tests;

/// <summary>Finds its way in a manifest.</summary>
internal static class Pod
{
    /// <summary>The part of a manifest that says what runs, or null where nothing does.</summary>
    public static YamlMappingNode? SpecOf(YamlMappingNode document) => document["kind"].ToString() switch
    {
        "Deployment" => At(document, "spec", "template", "spec"),
        "InferenceService" => At(document, "spec", "predictor"),
        "Service" when document["apiVersion"].ToString().StartsWith("serving.knative.dev", StringComparison.Ordinal) =>
            At(document, "spec", "template", "spec"),
        _ => null,
    };

    /// <summary>The mapping at a path, or null.</summary>
    public static YamlMappingNode? At(YamlMappingNode? node, params string[] path)
    {
        foreach (var key in path)
            node = node is not null && node.Children.TryGetValue(key, out var next) ? next as YamlMappingNode : null;
        return node;
    }

    /// <summary>The value at a path as text, or null.</summary>
    public static string? Text(YamlMappingNode? node, params string[] path) =>
        At(node, path[..^1]) is { } parent && parent.Children.TryGetValue(path[^1], out var value) ? value.ToString() : null;

    public static YamlMappingNode Container(YamlMappingNode pod) => (YamlMappingNode)((YamlSequenceNode)pod["containers"]).Single();
}

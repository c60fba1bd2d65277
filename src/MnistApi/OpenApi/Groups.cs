namespace MnistApi.OpenApi;

/// <summary>The groups of operations (WithTags), in the order in which a reader wants them.</summary>
internal static class Groups
{
    public static readonly (string Name, string Description)[] All =
    [
        ("Predict", "Pictures or pixels in, class probabilities out."),
        ("Evaluate", "Accuracy and confusion matrix on MNIST."),
        ("Model", "What is served."),
        (OpenInference.OpenInferenceMap.Tag, "Also called KServe V2: what the clients of Triton, KServe and others speak. The same over gRPC, on a port of its own."),
        (TensorFlowServing.ServingMap.Tag, "Its REST interface, which KServe calls V1."),
        ("Health", "For orchestrators."),
    ];

    /// <summary>Where a group stands; one that is not listed stands last.</summary>
    public static int Position(string name)
    {
        var index = Array.FindIndex(All, group => group.Name == name);
        return index < 0 ? All.Length : index;
    }
}

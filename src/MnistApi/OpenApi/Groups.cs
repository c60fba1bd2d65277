using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>The groups of operations (WithTags), in the order in which a reader wants them.</summary>
internal static class Groups
{
    public static readonly (string Name, string Description)[] All =
    [
        ("Predict", "Pictures or pixels in, class probabilities out."),
        ("Evaluate", "Accuracy and confusion matrix on MNIST."),
        ("Model", "What is served."),
        (OpenInference.OpenInferenceMap.Tag,
            "Also called KServe V2: what the clients of Triton, KServe and others speak. The same over gRPC, on a port of its own."),
        (TensorFlowServing.ServingMap.Tag, "Its REST interface, which KServe calls V1."),
        ("Health", "For orchestrators and for Prometheus."),
    ];
}

/// <summary>
/// What the document says beside its operations: where the service is, its groups of operations, and that nobody needs a key.
/// </summary>
internal sealed class DocumentFrame : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        // Relative to the document's own address, /swagger/v1/swagger.json, so that it is right behind a path prefix too.
        document.Servers = [new OpenApiServer { Url = "../..", Description = "Where this document came from." }];
        document.Tags = new HashSet<OpenApiTag>(
            Groups.All.Select(group => new OpenApiTag { Name = group.Name, Description = group.Description }));
        document.Security ??= [new OpenApiSecurityRequirement()]; // an empty one: anybody may ask
    }
}

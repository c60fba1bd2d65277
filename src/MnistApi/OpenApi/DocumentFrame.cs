using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace MnistApi.OpenApi;

/// <summary>What the document says beside its operations: where the service is, its groups of operations, and that nobody needs a key.</summary>
internal sealed class DocumentFrame : IDocumentFilter
{
    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        document.Servers = [new OpenApiServer { Url = "/", Description = "Where this document came from." }];
        document.Tags = new HashSet<OpenApiTag>(Groups.All.Select(group => new OpenApiTag { Name = group.Name, Description = group.Description }));
        document.Security ??= [new OpenApiSecurityRequirement()]; // an empty one: anybody may ask
    }
}

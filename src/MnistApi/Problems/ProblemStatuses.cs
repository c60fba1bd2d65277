namespace MnistApi.Problems;

/// <summary>The statuses of the problems that an endpoint answers with, beside those of every endpoint: for the document.</summary>
internal sealed record ProblemStatuses(IReadOnlyList<int> Statuses);

internal static class ProblemStatusesMetadata
{
    public static TBuilder AnswersProblems<TBuilder>(this TBuilder endpoint, params int[] statuses)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new ProblemStatuses(statuses));
}

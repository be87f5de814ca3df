import MHPipeKit

/// The fields that events have in ECS.
enum ECSFields {
    static let paths: [FieldPath] = names.split { $0 == " " || $0 == "\n" }.map { name in
        FieldPath(keys: name.split(separator: ".").map(String.init))
    }

    private static let names = """
        @timestamp ecs.version
        event.kind event.action event.provider event.id event.category event.type event.outcome
        cloud.account.id cloud.region
        user.name user.id user.target.id user.target.name user.changes.name group.id group.name related.user
        source.address source.ip user_agent.original
        tls.version_protocol tls.version tls.cipher tls.client.server_name
        aws.cloudtrail.event_version aws.cloudtrail.event_type aws.cloudtrail.event_category
        aws.cloudtrail.error_code aws.cloudtrail.error_message aws.cloudtrail.request_id aws.cloudtrail.api_version
        aws.cloudtrail.management_event aws.cloudtrail.read_only aws.cloudtrail.recipient_account_id
        aws.cloudtrail.shared_event_id aws.cloudtrail.vpc_endpoint_id
        aws.cloudtrail.session_credential_from_console
        aws.cloudtrail.user_identity.type aws.cloudtrail.user_identity.arn
        aws.cloudtrail.user_identity.access_key_id aws.cloudtrail.user_identity.invoked_by
        aws.cloudtrail.user_identity.session_context.mfa_authenticated
        aws.cloudtrail.user_identity.session_context.creation_date
        aws.cloudtrail.user_identity.session_context.session_issuer.type
        aws.cloudtrail.user_identity.session_context.session_issuer.principal_id
        aws.cloudtrail.user_identity.session_context.session_issuer.arn
        aws.cloudtrail.user_identity.session_context.session_issuer.account_id
        aws.cloudtrail.resources aws.cloudtrail.console_login.additional_eventdata.mobile_version
        aws.cloudtrail.console_login.additional_eventdata.login_to
        aws.cloudtrail.console_login.additional_eventdata.mfa_used
        aws.cloudtrail.request_parameters aws.cloudtrail.response_elements aws.cloudtrail.additional_eventdata
        aws.cloudtrail.service_event_details
        aws.cloudtrail.flattened.request_parameters aws.cloudtrail.flattened.response_elements
        aws.cloudtrail.flattened.additional_eventdata aws.cloudtrail.flattened.service_event_details
        aws.cloudtrail.flattened.insight_details
        """
}

import MHPipeKit

/// The fields that events have in OCSF, as far as they are always of one kind.
enum OCSFFields {
    static let paths: [FieldPath] = names.split { $0 == " " || $0 == "\n" }.map { name in
        FieldPath(keys: name.split(separator: ".").map(String.init))
    }

    private static let names = """
        category_uid category_name class_uid class_name activity_id activity_name type_uid type_name severity_id severity
        time time_dt start_time end_time
        metadata.version metadata.product.name metadata.product.vendor_name metadata.product.version
        metadata.product.feature.name metadata.profiles metadata.uid metadata.event_code metadata.log_provider
        metadata.correlation_uid
        cloud.provider cloud.region cloud.account.uid cloud.account.type cloud.account.type_id
        status_id status status_code status_detail
        api.operation api.version api.service.name api.request.uid api.request.data api.response.error
        api.response.message api.response.data
        actor.user.type actor.user.type_id actor.user.name actor.user.uid actor.user.uid_alt actor.user.credential_uid
        actor.user.account.uid actor.user.account.type actor.user.account.type_id
        actor.session.created_time actor.session.created_time_dt actor.session.is_mfa actor.session.issuer
        actor.idp.name actor.invoked_by
        resources entity.name entity.uid entity.type
        user.type user.type_id user.name user.uid user.uid_alt user.credential_uid user.account.uid user.account.type
        user.account.type_id user.groups
        policy.name policy.uid service.name dst_endpoint.svc_name is_mfa auth_protocol_id auth_protocol
        src_endpoint.ip src_endpoint.svc_name src_endpoint.domain src_endpoint.name src_endpoint.uid
        http_request.user_agent
        unmapped
        """
}
